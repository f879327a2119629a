//! The start of a server with a full journal.

use std::path::Path;

use crate::{
    Sizes,
    journal::{Folder, folder},
    report,
    server::Server,
};

/// Events of an episode.
const EPISODE: usize = 25;

#[derive(Default)]
struct Starts {
    seconds: Vec<f64>,
    cpu: Vec<f64>,
}

impl Starts {
    fn start(&mut self, program: &Path, data: &Path) {
        let server = Server::start(program, data);
        self.cpu.push(server.cpu());
        self.seconds.push(server.ready_after.as_secs_f64());
        server.stop();
    }
}

pub(crate) async fn measure(program: &Path, sizes: &Sizes) {
    let program = program.to_owned();
    let (open, events, count) = (sizes.open, sizes.events, sizes.starts);
    let starts = move || {
        let [empty, full] = [(); 2].map(|()| folder());
        Folder::create(empty.path()).finish(&program, empty.path());
        let mut journal = Folder::create(full.path());
        for _ in 0..open {
            journal.add_customer(events, EPISODE);
        }
        journal.finish(&program, full.path());
        let [mut without, mut with] = [(); 2].map(|()| Starts::default());
        for _ in 0..count {
            without.start(&program, empty.path());
            with.start(&program, full.path());
        }
        // The conversations are still open, with the same number of events.
        let path = full.path().join("kefu.sqlite3");
        let conn = rusqlite::Connection::open(path).expect("the database");
        let of = |query| conn.query_row(query, [], |row| row.get::<_, i64>(0)).expect("SQL");
        assert_eq!(of("SELECT count(*) FROM conversation WHERE open"), open as i64);
        assert_eq!(of("SELECT count(*) FROM event"), (open * events) as i64);
        (without, with)
    };
    let (without, with) = tokio::task::spawn_blocking(starts).await.expect("no fault");
    let from = format!(
        "medians of {count} starts; {} events, {open} open conversations in episodes of {EPISODE}",
        open * events
    );
    let [a, b] = [median(without.seconds), median(with.seconds)];
    report("ready after, above an empty folder", &format!("{:.2} s", b - a), &from);
    report("", &format!("{b:.2} s"), &format!("with; without: {a:.2} s"));
    let [a, b] = [median(without.cpu), median(with.cpu)];
    report("the same in CPU", &format!("{:.2} s", b - a), &format!("{b:.2} s and {a:.2} s"));
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}
