//! A customer's socket: signs in, resumes, and then sends what is committed.

use std::sync::Arc;

use axum::extract::ws::WebSocket;
use tokio::sync::watch;

use super::{
    api_error::ApiError,
    assets::build,
    connections,
    frame_command::{FrameCommand, PAGE, control, no_hello, told, too_many, with_id},
    place_shown::PlaceShown,
    socket::{self, End, drained},
    views,
    wire::{Close, CustomerFrame, DroppedFactsView, ErrorCode, FrameToCustomer, PROTOCOL},
};
use crate::compliance::{ContactText, mask};
use crate::dialogue::{CustomerAct, Input};
use crate::journal::{Choice, ConversationId};
use crate::knowledge::{DroppedFacts, EntryId, Facts, GivenFacts};
use crate::service::{
    Command, CustomerSocket, FrameKind, Head, KnownCustomer, Overrun, Service, SocketGuard,
};
use crate::storage::StorageError;

/// The longest entry id in a choice.
const CHOICE_MAX_BYTES: usize = 100;

/// Runs the session until either side ends it.
///
/// Thousands of sessions wait for their next event at the same time. The future of that wait is
/// kept small: all work between two waits has a boxed future of its own.
pub(crate) async fn run(
    mut socket: Box<WebSocket>,
    service: Arc<Service>,
    slot: Arc<connections::ConnectionSlot>,
    open: SocketGuard,
) {
    let end = match Box::pin(begin(&mut socket, &service)).await {
        Ok(mut session) => {
            slot.signed_in();
            session.serve(&mut socket).await
        }
        Err(end) => end,
    };
    Box::pin(socket::close(*socket, end, "customer")).await;
    drop(open);
}

/// Signs in, unless the server stops meanwhile.
async fn begin(socket: &mut WebSocket, service: &Arc<Service>) -> Result<CustomerSession, End> {
    let mut draining = service.draining();
    tokio::select! {
        signed_in = sign_in(socket, service) => signed_in,
        () = drained(&mut draining) => Err(drain(socket, service).await),
    }
}

/// Waits for the first frame, which must be a `hello` of this version.
async fn hello(socket: &mut WebSocket) -> Result<CustomerFrame, End> {
    let (error, client_id) = match socket::first(socket).await? {
        Ok(hello @ CustomerFrame::Hello { protocol: PROTOCOL, .. }) => return Ok(hello),
        Ok(CustomerFrame::Hello { protocol, .. }) => (no_hello(Some(protocol.into())), None),
        Ok(other) => (no_hello(None), client_id(&other)),
        Err(bad) => (no_hello(bad.protocol), bad.client_id),
    };
    refuse(socket, error, client_id).await?;
    Err(End::Closed(Close::BadHello))
}

async fn sign_in(socket: &mut WebSocket, service: &Arc<Service>) -> Result<CustomerSession, End> {
    let hello = hello(socket).await?;
    let CustomerFrame::Hello { token, last_seq, generation, facts, .. } = hello else {
        return Err(End::Closed(Close::BadHello));
    };
    let (customer, dropped) = match known(service, &token, facts).await {
        Ok(Some(Ok(customer))) => customer,
        Ok(Some(Err(overrun))) => {
            refuse(socket, too_many(overrun)?, None).await?;
            return Err(End::Closed(Close::Slow));
        }
        Ok(None) => return Err(End::Closed(Close::Unauthorized)),
        Err(error) => {
            refuse(socket, error.into(), None).await?;
            return Err(End::Closed(Close::Fault));
        }
    };
    let KnownCustomer { conversation, facts, .. } = customer;
    let head = match service.conversations.head(&conversation).await {
        Ok(head) => head,
        Err(error) => {
            refuse(socket, error.into(), None).await?;
            return Err(End::Closed(Close::Fault));
        }
    };
    let is_known = generation.is_none_or(|generation| generation == service.generation());
    let resync = !is_known || last_seq > head.borrow().seq;
    let mut session = CustomerSession {
        service: service.clone(),
        place: PlaceShown::new(service.presence.view()),
        draining: service.draining(),
        open: service.open_customer_socket(&conversation),
        conversation,
        facts,
        head,
        sent: if resync { 0 } else { last_seq },
        seen: if resync { 0 } else { last_seq },
        owes_resume: false,
    };
    session.welcome(socket, resync, &dropped).await?;
    session.send_page(socket).await?;
    socket::flush(socket).await?;
    Ok(session)
}

/// The customer of the token, with the facts that the page sends now and those of them that were
/// dropped. The limit is checked before new facts are written to disk, since each `hello` may bring
/// others.
async fn known(
    service: &Service,
    token: &str,
    given: Option<GivenFacts>,
) -> Result<Option<Result<(KnownCustomer, DroppedFacts), Overrun>>, StorageError> {
    let Some(customer) = service.customers.by_token(token).await? else { return Ok(None) };
    if let Err(overrun) = service.customer_frames.take(&customer.conversation, FrameKind::Hello) {
        return Ok(Some(Err(overrun)));
    }
    service.customers.with_facts(token, customer, given).await.map(|known| Some(Ok(known)))
}

async fn refuse(
    socket: &mut WebSocket,
    error: ApiError,
    client_id: Option<String>,
) -> Result<(), End> {
    socket::feed(socket, &FrameToCustomer::Error(views::refused(error, client_id, None))).await
}

struct CustomerSession {
    service: Arc<Service>,
    conversation: ConversationId,
    /// What the host told about the customer.
    facts: Facts,
    head: watch::Receiver<Head>,
    draining: watch::Receiver<bool>,
    open: CustomerSocket,
    /// The `seq` up to which all events were sent or are not for customers.
    sent: u64,
    /// The `seq` of the last event that this client got.
    seen: u64,
    /// A full page was sent: the client must request the next.
    owes_resume: bool,
    /// The place in the queue as last sent.
    place: PlaceShown,
}

/// The events that a session waits for.
enum CustomerSessionEvent {
    /// The client sent a frame.
    Frame(socket::Incoming<CustomerFrame>),
    /// A record was committed.
    Committed,
    /// The queue has moved.
    QueueMoved,
    /// Another socket of this customer replaced this one.
    Replaced,
    /// The server stops.
    Draining,
}

impl CustomerSession {
    async fn serve(&mut self, socket: &mut WebSocket) -> End {
        loop {
            let done = match self.next(socket).await {
                Ok(event) => Box::pin(self.handle(socket, event)).await,
                Err(end) => Err(end),
            };
            if let Err(end) = done {
                return end;
            }
        }
    }

    /// Waits for the next event of this session. Cancel safe.
    async fn next(&mut self, socket: &mut WebSocket) -> Result<CustomerSessionEvent, End> {
        let is_waiting = self.head.borrow().is_waiting;
        Ok(tokio::select! {
            frame = socket::next(socket, || {
                control(self.service.customer_frames.take(&self.conversation, FrameKind::Ping))
            }) => CustomerSessionEvent::Frame(frame?),
            changed = self.head.changed() => match changed {
                Ok(()) => CustomerSessionEvent::Committed,
                // A watched conversation stays in memory.
                Err(_) => return Err(End::Closed(Close::Fault)),
            },
            () = self.place.changed(&self.service.clock), if is_waiting => CustomerSessionEvent::QueueMoved,
            () = self.open.replaced() => CustomerSessionEvent::Replaced,
            () = drained(&mut self.draining) => CustomerSessionEvent::Draining,
        })
    }

    async fn handle(
        &mut self,
        socket: &mut WebSocket,
        event: CustomerSessionEvent,
    ) -> Result<(), End> {
        match event {
            CustomerSessionEvent::Frame(frame) => self.take(socket, frame).await,
            CustomerSessionEvent::Committed => self.send_new(socket).await,
            CustomerSessionEvent::QueueMoved => self.send_place(socket).await,
            CustomerSessionEvent::Replaced => Err(End::Closed(Close::Replaced)),
            CustomerSessionEvent::Draining => Err(drain(socket, &self.service).await),
        }?;
        socket::flush(socket).await
    }

    async fn welcome(
        &self,
        socket: &mut WebSocket,
        resync: bool,
        dropped: &DroppedFacts,
    ) -> Result<(), End> {
        let snapshot = self.service.snapshot();
        let policy = &snapshot.base.policy;
        let circumstances = snapshot.base.circumstances_at(self.service.clock.now(), &self.facts);
        let entry = |id| snapshot.base.entry(id).filter(|entry| entry.is_served_in(circumstances));
        let hot_questions = policy.hot_questions.iter().filter_map(entry).map(|entry| Choice {
            entry: entry.id.clone(),
            label: entry.standard_question.clone(),
        });
        let welcome = FrameToCustomer::Welcome {
            protocol: PROTOCOL,
            conversation: self.conversation.clone(),
            generation: self.service.generation().to_owned(),
            resync,
            text: policy.welcome.clone(),
            hot_questions: hot_questions.collect(),
            utterance_max_chars: policy.utterance_max_chars,
            build: build(),
            dropped_facts: DroppedFactsView::of(dropped),
        };
        socket::feed(socket, &welcome).await
    }

    async fn take(
        &mut self,
        socket: &mut WebSocket,
        frame: socket::Incoming<CustomerFrame>,
    ) -> Result<(), End> {
        let (kind, client_id) = match &frame {
            Ok(CustomerFrame::Ping {}) => (FrameKind::Ping, None),
            Ok(frame) => (FrameKind::Work, client_id(frame)),
            Err(bad) => (FrameKind::Work, bad.client_id.clone()),
        };
        if let Err(overrun) = self.service.customer_frames.take(&self.conversation, kind) {
            return refuse(socket, too_many(overrun)?, client_id).await;
        }
        let frame = match frame {
            Ok(frame) => frame,
            Err(bad) => return refuse(socket, bad.error, client_id).await,
        };
        match frame {
            CustomerFrame::Ping {} => socket::feed(socket, &FrameToCustomer::Pong {}).await,
            CustomerFrame::Resume { last_seq } => {
                let last_seq = last_seq.min(self.head.borrow().seq);
                (self.sent, self.seen, self.owes_resume) = (last_seq, last_seq, false);
                self.send_page(socket).await
            }
            frame @ (CustomerFrame::Hello { .. }
            | CustomerFrame::Send { .. }
            | CustomerFrame::AskHuman { .. }
            | CustomerFrame::LeaveQueue {}
            | CustomerFrame::LeaveMessage { .. }
            | CustomerFrame::Rate { .. }
            | CustomerFrame::End {}) => self.act(socket, frame).await,
        }
    }

    async fn act(&mut self, socket: &mut WebSocket, frame: CustomerFrame) -> Result<(), End> {
        let (command, client_id) = match act(&self.conversation, frame, &self.facts) {
            Ok(asked) => asked,
            Err((error, client_id)) => return refuse(socket, error, client_id).await,
        };
        match (self.service.conversations.act(&self.conversation, command).await, client_id) {
            (Ok(taken), Some(client_id)) => {
                let ack = FrameToCustomer::Ack { client_id, seq: taken.seq };
                socket::feed(socket, &ack).await?;
                // The reply is ready, too: both go out in one write.
                self.send_new(socket).await
            }
            (Ok(_), None) => self.send_new(socket).await,
            (Err(error), client_id) => refuse(socket, error.into(), client_id).await,
        }
    }

    /// Sends what was committed since, unless the client must request it.
    async fn send_new(&mut self, socket: &mut WebSocket) -> Result<(), End> {
        while !self.owes_resume && self.sent < self.head.borrow_and_update().seq {
            self.send_events(socket).await?;
        }
        self.send_place(socket).await
    }

    async fn send_page(&mut self, socket: &mut WebSocket) -> Result<(), End> {
        let seen = self.seen;
        let mut is_full = self.send_events(socket).await?;
        // A page without an event for the customer would be requested again and again.
        while is_full && self.seen == seen {
            is_full = self.send_events(socket).await?;
        }
        self.owes_resume = is_full;
        socket::feed(socket, &FrameToCustomer::CaughtUp { seq: self.seen, more: is_full }).await?;
        self.send_place(socket).await
    }

    /// Sends at most a page. Returns whether it was full.
    async fn send_events(&mut self, socket: &mut WebSocket) -> Result<bool, End> {
        let read =
            self.service.conversations.records_after(&self.conversation, self.sent, PAGE).await;
        let Ok(records) = read else { return Err(End::Closed(Close::Fault)) };
        let is_full = records.len() == PAGE;
        for record in records {
            self.sent = record.seq;
            let Some(event) = views::for_customer(record.event, &self.service) else { continue };
            let prev = std::mem::replace(&mut self.seen, record.seq);
            let frame = FrameToCustomer::Event { seq: record.seq, prev, at: record.at, event };
            socket::feed(socket, &frame).await?;
        }
        Ok(is_full)
    }

    /// Sends the place in the queue if it has changed and the pause is over.
    async fn send_place(&mut self, socket: &mut WebSocket) -> Result<(), End> {
        if !self.head.borrow().is_waiting {
            self.place.forget();
            return Ok(());
        }
        let now = self.service.clock.elapsed();
        match self.place.look(&self.conversation, now) {
            Some((place, waiting)) => {
                socket::feed(socket, &FrameToCustomer::Queue { place, waiting }).await
            }
            None => Ok(()),
        }
    }
}

async fn drain(socket: &mut WebSocket, service: &Service) -> End {
    let draining = FrameToCustomer::Draining { retry_after_ms: service.retry_after_ms() };
    socket::feed(socket, &draining).await.err().unwrap_or(End::Closed(Close::Restart))
}

fn customer(act: CustomerAct) -> Command {
    Input::Customer(act).into()
}

fn act(conversation: &ConversationId, frame: CustomerFrame, facts: &Facts) -> FrameCommand {
    match frame {
        CustomerFrame::Send { client_id, choice: Some(choice), .. } if !is_id(&choice) => {
            let message = "choice must be the id of an entry, of a-z 0-9 . _ -";
            Err((ApiError::new(ErrorCode::BadValue, message), told(&client_id)))
        }
        CustomerFrame::Send { client_id, text, choice } => {
            with_id(conversation, client_id, |client_id| {
                let says = CustomerAct::Says { client_id, text: text.into(), choice };
                let input = Input::Customer(says);
                Command { input, facts: facts.clone(), contact: None }
            })
        }
        CustomerFrame::AskHuman { client_id } => with_id(conversation, client_id, |client_id| {
            customer(CustomerAct::AsksHuman { client_id })
        }),
        CustomerFrame::LeaveQueue {} => Ok((customer(CustomerAct::LeavesQueue), None)),
        CustomerFrame::LeaveMessage { client_id, text, contact, consent } => {
            let contact = match contact_of(contact, consent) {
                Ok(contact) => contact,
                Err(error) => return Err((error, told(&client_id))),
            };
            with_id(conversation, client_id, |client_id| {
                let (text, has_contact) = (text.into(), contact.is_some());
                let leaves = CustomerAct::LeavesMessage { client_id, text, has_contact };
                Command { contact, ..customer(leaves) }
            })
        }
        CustomerFrame::Rate { client_id, stars, comment } => {
            with_id(conversation, client_id, |client_id| {
                customer(CustomerAct::Rates { client_id, stars, comment: comment.into() })
            })
        }
        CustomerFrame::End {} => Ok((customer(CustomerAct::Ends), None)),
        CustomerFrame::Hello { .. } | CustomerFrame::Resume { .. } | CustomerFrame::Ping {} => {
            Err((
                ApiError::new(ErrorCode::BadFrame, "hello must be the first frame, and sent once"),
                None,
            ))
        }
    }
}

/// The contact details that came with a message, if there are any.
fn contact_of(contact: Option<String>, consent: bool) -> Result<Option<ContactText>, ApiError> {
    let Some(contact) = contact.filter(|contact| !contact.trim().is_empty()) else {
        return Ok(None);
    };
    if !consent {
        return Err(ApiError::new(ErrorCode::BadValue, "contact needs consent"));
    }
    let checked = ContactText::new(&contact);
    checked.map(Some).map_err(|error| ApiError::new(ErrorCode::BadValue, error.to_string()))
}

/// The frame's own id, if it is valid.
fn client_id(frame: &CustomerFrame) -> Option<String> {
    match frame {
        CustomerFrame::Send { client_id, .. }
        | CustomerFrame::AskHuman { client_id }
        | CustomerFrame::LeaveMessage { client_id, .. }
        | CustomerFrame::Rate { client_id, .. } => told(client_id),
        CustomerFrame::Hello { .. }
        | CustomerFrame::LeaveQueue {}
        | CustomerFrame::End {}
        | CustomerFrame::Resume { .. }
        | CustomerFrame::Ping {} => None,
    }
}

/// Whether it looks like an entry id: any other text may be personal data.
fn is_id(choice: &EntryId) -> bool {
    let fits =
        |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'_' | b'-');
    choice.as_str().len() <= CHOICE_MAX_BYTES
        && choice.as_str().bytes().all(fits)
        && mask(choice.as_str()).found().is_empty()
}
