//! Confidence against what was right, as a drawing that needs nothing else.

use std::fmt::{self, Write};

use crate::evaluation::{BINS, Bin, Measured, Reliability};

use super::{chart::tenth, table::per_cent};

/// The size of the drawing, in its own units.
const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 640.0;
/// The square of confidence and share right.
const LEFT: f64 = 80.0;
const TOP: f64 = 84.0;
const PLOT_WIDTH: f64 = 640.0;
const PLOT_HEIGHT: f64 = 380.0;
/// The counts below it.
const COUNTS_BOTTOM: f64 = 614.0;
const COUNTS_HEIGHT: f64 = 70.0;
/// Between neighbouring bars.
const GAP: f64 = 6.0;

/// Colours by what they are for, by day and by night.
const STYLE: &str = "
  svg { --back: #ffffff; --ink: #1f2328; --line: #d8dee4; --bar: #b6d3f2; --first: #0b5cad; \
--second: #a8480f; --faint: #57606a; }
  @media (prefers-color-scheme: dark) {
    svg { --back: #0d1117; --ink: #e6edf3; --line: #30363d; --bar: #1d416b; --first: #79b8ff; \
--second: #ffa657; --faint: #9da7b3; }
  }
  .back { fill: var(--back); }
  text { fill: var(--ink); font: 14px system-ui, 'PingFang SC', 'Microsoft YaHei', \
'Noto Sans CJK SC', sans-serif; }
  .title { font-size: 18px; font-weight: 600; }
  .faint { fill: var(--faint); font-size: 13px; }
  .grid { stroke: var(--line); }
  .axis { stroke: var(--ink); fill: none; }
  .diagonal { stroke: var(--faint); stroke-dasharray: 6 5; }
  .bar { fill: var(--bar); }
  .first { stroke: var(--first); stroke-width: 2; }
  .first-dot { fill: var(--first); }
  .second { stroke: var(--second); stroke-width: 1.5; }
  .second-dot { fill: var(--back); stroke: var(--second); stroke-width: 2; }
  .middle { text-anchor: middle; }
  .end { text-anchor: end; }
";

/// The drawing: a bar for each tenth of confidence, a dot where mean confidence and share
/// right meet, with its 95 % interval, the diagonal on which all dots would lie, and how many
/// queries each bar rests on. Second opinions, where there are any, are hollow dots.
pub(super) fn reliability_svg(strict: &Reliability, second: Option<&Reliability>) -> String {
    let mut svg = String::new();
    // A text takes all that is written.
    draw(&mut svg, strict, second).unwrap_or_default();
    svg
}

fn draw(svg: &mut String, strict: &Reliability, second: Option<&Reliability>) -> fmt::Result {
    let count: usize = strict.bins.iter().map(|bin| bin.count).sum();
    writeln!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" \
         width=\"{WIDTH}\" height=\"{HEIGHT}\" role=\"img\" lang=\"zh-CN\">\n\
         <title>置信度与实际正确率</title>\n\
         <desc>{count} 句首位候选的置信度，按十档与实际正确率相比</desc>\n\
         <style>{STYLE}</style>\n\
         <rect class=\"back\" width=\"{WIDTH}\" height=\"{HEIGHT}\"/>"
    )?;
    draw_head(svg, count, strict, second)?;
    draw_axes(svg)?;
    for (place, bin) in strict.bins.iter().enumerate() {
        draw_bar(svg, place, bin)?;
    }
    writeln!(
        svg,
        "<line class=\"diagonal\" x1=\"{:.1}\" y1=\"{:.1}\" x2=\"{:.1}\" y2=\"{:.1}\"/>",
        x(0.0),
        y(0.0),
        x(1.0),
        y(1.0),
    )?;
    for measured in second.iter().flat_map(|second| second.bins.iter()).filter_map(measured) {
        draw_second(svg, measured)?;
    }
    strict.bins.iter().filter_map(measured).try_for_each(|measured| draw_first(svg, measured))?;
    draw_counts(svg, &strict.bins)?;
    svg.write_str("</svg>\n")
}

fn measured(bin: &Bin) -> Option<&Measured> {
    bin.measured.as_ref()
}

fn draw_head(
    svg: &mut String,
    count: usize,
    strict: &Reliability,
    second: Option<&Reliability>,
) -> fmt::Result {
    let error = |error: Option<f64>| error.map_or_else(|| "—".to_owned(), |e| format!("{e:.3}"));
    let second_error =
        second.map_or_else(String::new, |second| format!("，计入第二意见 {}", error(second.error)));
    writeln!(
        svg,
        "<text class=\"title\" x=\"{LEFT}\" y=\"32\">置信度与实际正确率</text>\n\
         <text class=\"faint\" x=\"{LEFT}\" y=\"54\">{count} 句；校准误差（ECE）{}{second_error}</text>",
        error(strict.error),
    )?;
    writeln!(
        svg,
        "<circle class=\"first-dot\" cx=\"486\" cy=\"27\" r=\"5\"/>\
         <text class=\"faint\" x=\"498\" y=\"32\">实际正确率，95% 区间</text>\n\
         <line class=\"diagonal\" x1=\"650\" y1=\"27\" x2=\"676\" y2=\"27\"/>\
         <text class=\"faint\" x=\"682\" y=\"32\">完全准</text>"
    )?;
    if second.is_some() {
        writeln!(
            svg,
            "<circle class=\"second-dot\" cx=\"486\" cy=\"49\" r=\"4\"/>\
             <text class=\"faint\" x=\"498\" y=\"54\">计入第二意见</text>"
        )?;
    }
    Ok(())
}

fn draw_axes(svg: &mut String) -> fmt::Result {
    for fifth in 0..=5_u8 {
        let share = f64::from(fifth) / 5.0;
        writeln!(
            svg,
            "<line class=\"grid\" x1=\"{LEFT}\" y1=\"{at:.1}\" x2=\"{:.1}\" y2=\"{at:.1}\"/>\
             <text class=\"end\" x=\"{:.1}\" y=\"{:.1}\">{:.0}%</text>",
            LEFT + PLOT_WIDTH,
            LEFT - 8.0,
            y(share) + 5.0,
            share * 100.0,
            at = y(share),
        )?;
    }
    for edge in 0..=BINS {
        let share = edge as f64 / BINS as f64;
        writeln!(
            svg,
            "<text class=\"middle\" x=\"{:.1}\" y=\"{:.1}\">{share:.1}</text>",
            x(share),
            y(0.0) + 20.0,
        )?;
    }
    writeln!(
        svg,
        "<path class=\"axis\" d=\"M{LEFT} {TOP}V{:.1}H{:.1}\"/>\n\
         <text class=\"middle\" x=\"{:.1}\" y=\"{:.1}\">首位候选的置信度</text>\n\
         <text class=\"middle\" transform=\"translate(24 {:.1}) rotate(-90)\">实际正确率</text>",
        y(0.0),
        x(1.0),
        x(0.5),
        y(0.0) + 44.0,
        y(0.5),
    )
}

fn draw_bar(svg: &mut String, place: usize, bin: &Bin) -> fmt::Result {
    let Some(measured) = measured(bin) else { return Ok(()) };
    let [right, low, high] =
        [measured.right, measured.low, measured.high].map(|share| per_cent(Some(share)));
    writeln!(
        svg,
        "<rect class=\"bar\" x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\">\
         <title>置信度 {}：{} 句，{} 句正确，{right}（{low} 到 {high}）</title></rect>",
        x(place as f64 / BINS as f64) + GAP / 2.0,
        y(measured.right),
        PLOT_WIDTH / BINS as f64 - GAP,
        y(0.0) - y(measured.right),
        tenth(place),
        bin.count,
        bin.right,
    )
}

fn draw_first(svg: &mut String, measured: &Measured) -> fmt::Result {
    let (x, y, low, high) =
        (x(measured.confidence), y(measured.right), y(measured.low), y(measured.high));
    let (left, right) = (x - 5.0, x + 5.0);
    writeln!(
        svg,
        "<path class=\"first\" fill=\"none\" d=\"M{x:.1} {low:.1}V{high:.1}M{left:.1} {low:.1}\
         H{right:.1}M{left:.1} {high:.1}H{right:.1}\"/>\
         <circle class=\"first-dot\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"5\"/>"
    )
}

fn draw_second(svg: &mut String, measured: &Measured) -> fmt::Result {
    // Beside the other dot, so that both are seen where they agree.
    let x = x(measured.confidence) + 9.0;
    let (y, low, high) = (y(measured.right), y(measured.low), y(measured.high));
    writeln!(
        svg,
        "<line class=\"second\" x1=\"{x:.1}\" y1=\"{low:.1}\" x2=\"{x:.1}\" y2=\"{high:.1}\"/>\
         <circle class=\"second-dot\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\"/>"
    )
}

fn draw_counts(svg: &mut String, bins: &[Bin; BINS]) -> fmt::Result {
    let most = bins.iter().map(|bin| bin.count).max().unwrap_or(0).max(1) as f64;
    for (place, bin) in bins.iter().enumerate() {
        let height = bin.count as f64 / most * COUNTS_HEIGHT;
        let top = COUNTS_BOTTOM - height;
        let width = PLOT_WIDTH / BINS as f64;
        let left = x(place as f64 / BINS as f64);
        writeln!(
            svg,
            "<rect class=\"bar\" x=\"{:.1}\" y=\"{top:.1}\" width=\"{:.1}\" height=\"{height:.1}\"/>\
             <text class=\"middle faint\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
            left + GAP / 2.0,
            width - GAP,
            left + width / 2.0,
            top - 5.0,
            bin.count,
        )?;
    }
    writeln!(
        svg,
        "<path class=\"axis\" d=\"M{LEFT} {COUNTS_BOTTOM}H{:.1}\"/>\
         <text class=\"middle\" transform=\"translate(24 {:.1}) rotate(-90)\">句数</text>",
        x(1.0),
        COUNTS_BOTTOM - COUNTS_HEIGHT / 2.0,
    )
}

/// Where a confidence lies.
fn x(share: f64) -> f64 {
    LEFT + share * PLOT_WIDTH
}

/// Where a share that was right lies.
fn y(share: f64) -> f64 {
    TOP + (1.0 - share) * PLOT_HEIGHT
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_drawing_is_well_formed_and_all_on_the_sheet() {
        let mut bins = [Bin::default(); BINS];
        bins[0] = bin(0.0, 0.0, 0.0, 0.28);
        bins[9] = bin(1.0, 1.0, 0.72, 1.0);
        let reliability = Reliability { bins, unfound: 0, error: Some(0.0) };
        let svg = reliability_svg(&reliability, Some(&reliability));
        for tag in ["svg", "text", "style", "rect", "title", "desc"] {
            let opened =
                svg.matches(&format!("<{tag}>")).count() + svg.matches(&format!("<{tag} ")).count();
            let closed = svg.matches(&format!("</{tag}>")).count();
            let alone = svg
                .lines()
                .flat_map(|line| line.split('<'))
                .filter(|one| one.starts_with(&format!("{tag} ")) && one.trim_end().ends_with("/>"))
                .count();
            assert_eq!(opened, closed + alone, "{tag}");
        }
        for (attribute, most) in [(" cx=", WIDTH), (" cy=", HEIGHT), (" y=", HEIGHT)] {
            for value in svg.split(attribute).skip(1) {
                let value: f64 = value.split('"').nth(1).unwrap().parse().unwrap();
                assert!((0.0..=most).contains(&value), "{attribute}{value}");
            }
        }
        assert_eq!(svg.matches("class=\"second-dot\"").count(), 3, "two and the legend");
        assert_eq!(svg.matches("class=\"first-dot\"").count(), 3);
        assert!(
            svg.contains("置信度 0.9-1.0：10 句，10 句正确，100.0%（72.0% 到 100.0%）"),
            "{svg}"
        );
        assert!(!svg.contains("http") || svg.matches("http").count() == 1, "nothing from outside");
    }

    fn bin(confidence: f64, right: f64, low: f64, high: f64) -> Bin {
        let measured = Some(Measured { confidence, right, low, high });
        Bin { count: 10, right: (right * 10.0) as usize, measured }
    }
}
