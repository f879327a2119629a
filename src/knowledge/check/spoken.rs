//! Checks fixed texts for words that mislead the customer who reads them.

use std::collections::BTreeMap;

use super::{
    polarity::{are_turned, opening},
    promise::promise,
};
use crate::knowledge::{
    diagnostics::{codes::Code, report::Report},
    format::{
        drafts::Drafts,
        intent_file::{ActionDraft, IntentDraft},
        parts::{help_line::needs_line, prose::Prose},
        policy_file::PolicyDraft,
    },
    model::{
        entry::{EntryHandoff, Status},
        texts::TEXTS,
    },
};

/// Reports promises of an agent that come too early, answers that begin with yes or no, and texts
/// without the emergency numbers.
pub(crate) fn check(drafts: &Drafts, report: &mut Report<'_>) {
    let mut examples: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for intent in &drafts.intents {
        check_intent(intent, report);
        if let Some(ActionDraft::Answer { entry }) = &intent.action {
            let said = intent.examples.iter().map(|example| example.text.as_str());
            examples.entry(&entry.value).or_default().extend(said);
        }
    }
    for entry in drafts.entries.iter().filter(|entry| entry.status != Status::Retired) {
        let Some(answer) = &entry.answer else { continue };
        if entry.handoff == EntryHandoff::Force {
            check_promise("强制转人工的答案", answer, report);
            entry.steps.iter().for_each(|step| check_promise("强制转人工的步骤", step, report));
        }
        if let Some(text) = &entry.without_figure {
            check_promise("代替过期的数的话", text, report);
        }
        let Some(word) = opening(&answer.text.value) else { continue };
        let of_intents = entry.id.as_ref().and_then(|id| examples.get(id.value.as_str()));
        let asked = entry.questions.iter().map(|question| question.text.as_str());
        if are_turned(asked.chain(of_intents.into_iter().flatten().copied())) {
            let reason = "问法里两个方向都有（如“能…吗”和“不能…吗”），总有一个被答反";
            report_polarity("答案", word, answer, reason, report);
        }
    }
    if let Some(policy) = &drafts.policy {
        check_policy(policy, drafts, report);
    }
}

fn check_intent(intent: &IntentDraft, report: &mut Report<'_>) {
    if let Some(line) = &intent.line {
        check_promise("给正在等人工的客户的话", line, report);
    }
    match &intent.action {
        Some(ActionDraft::Handoff { text, texts, .. }) => {
            if let Some(text) = text {
                check_promise("转人工之前的话", text, report);
            }
            for text in [&texts.nobody, &texts.closed].into_iter().flatten() {
                check_promise("没有人工时的话", text, report);
            }
        }
        // This action never fetches an agent.
        Some(ActionDraft::Reply { text, .. }) => check_promise("不转人工的回复", text, report),
        Some(ActionDraft::Answer { .. }) | None => {}
    }
    if let Some(text) = intent.text()
        && let Some(word) = opening(&text.text.value)
    {
        let reason = "意图的例句和正则是开放的，客户可能正好反过来问";
        report_polarity("意图的话", word, text, reason, report);
    }
}

fn check_promise(what: &str, text: &Prose, report: &mut Report<'_>) {
    let Some(words) = promise(&text.text.value) else { return };
    let place = report.inside(text.text.place, words, 0);
    let message = format!("{what}里有“{}”", words.replace("**", ""));
    let reason = "这时还不知道有没有人工，或者已经知道没有；半夜的客户会白等";
    let mend = "text 只说有人没人都对的话；“正在请客服”写进 texts.queued";
    report.add(Code::Promise, place, message, reason, mend);
}

fn report_polarity(what: &str, word: &str, text: &Prose, reason: &str, report: &mut Report<'_>) {
    let place = report.inside(text.text.place, word, 0);
    let message = format!("{what}以“{}”开头", word.replace("**", ""));
    let mend = "第一句写成完整的陈述，哪个方向问都对，如“理财和基金都不保本，可能亏损。”";
    report.add(Code::Polarity, place, message, reason, mend);
}

fn check_policy(policy: &PolicyDraft, drafts: &Drafts, report: &mut Report<'_>) {
    for row in TEXTS {
        let key = row.key;
        let Some(text) = policy.text(key) else { continue };
        if needs_line(row, &text.filled(&drafts.variables)) {
            let message =
                format!("“{key}”里没有写全 110、120、12356，程序会在后面加上 safety_line");
            let reason = "谁都可能看到这句话，包括正在被骗、受伤、想轻生的人";
            let mend = "想换成自己的话，就在这句里写上这三个电话，或改 safety_line";
            report.add(Code::SafetyLine, text.text.place, message, reason, mend);
        }
        if row.is_early {
            check_promise(&format!("“{key}”"), text, report);
        }
    }
}
