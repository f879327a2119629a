//! Reads `masking.yaml`: what masking does with each class of personal data.

use std::sync::LazyLock;

use serde_json::Value;

use super::parts::json_schema::{about, choice, object, version};
use crate::compliance::{MaskingPolicy, PersonalData, Treatment};
use crate::knowledge::{
    diagnostics::{codes::Code, report::Report},
    yaml::{fields::Fields, tree::Node, version::check_version},
};

const FILE_KEYS: &[&str] = &["version", "masking"];

/// The keys below `masking`: a class each.
static CLASS_KEYS: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| PersonalData::ALL.map(PersonalData::as_str).to_vec());

/// Reads the treatments of the file. A class that is not written has its default.
pub(crate) fn read(root: &Node, report: &mut Report<'_>) -> MaskingPolicy {
    let treatments = read_treatments(root, report).unwrap_or_default();
    MaskingPolicy::new(treatments).unwrap_or_default()
}

fn read_treatments(root: &Node, report: &mut Report<'_>) -> Option<Vec<(PersonalData, Treatment)>> {
    let fields = Fields::open(root, "masking.yaml ", FILE_KEYS, report)?;
    check_version(&fields, report);
    let classes = fields.require("masking", report)?;
    let classes = Fields::open(classes, "masking ", &CLASS_KEYS, report)?;
    let treatments = PersonalData::ALL.into_iter().filter_map(|data| {
        let node = classes.get(data.as_str())?;
        Some((data, read_treatment(data, node, report)?))
    });
    Some(treatments.collect())
}

fn read_treatment(data: PersonalData, node: &Node, report: &mut Report<'_>) -> Option<Treatment> {
    let choices = Treatment::ALL.map(|treatment| (treatment.as_str(), treatment));
    let treatment = node.choice(data.as_str(), &choices, report)?;
    let (key, name) = (data.as_str(), data.chinese_name());
    if !data.treatments().contains(&treatment) {
        let message = format!("“{key}”（{name}）不能是 {}", treatment.as_str());
        let (reason, mend) = if data.is_secret() {
            ("它是 C3 类鉴别信息，一律删除，不能有别的处理", "写 destroy，或删掉这一行".to_owned())
        } else {
            let allowed = data.treatments().iter().map(|treatment| treatment.as_str());
            let allowed = allowed.collect::<Vec<_>>().join("、");
            ("这一类没有这种处理", format!("可选：{allowed}"))
        };
        report.add(Code::MaskingTreatment, node.place, message, reason, mend);
        return None;
    }
    if names_person(data) && !treatment.replaces() {
        let message = format!("“{key}”（{name}）会原样保存");
        let reason = "凭它能认出一个人，坐席和会话记录里都看得到整个号码";
        let mend = "没有必须这样做的理由，就写 last_four 或 destroy";
        report.add(Code::KeptNumber, node.place, message, reason, mend);
    }
    Some(treatment)
}

/// Whether it is a number that names a person: cards, accounts, identity papers, phones.
fn names_person(data: PersonalData) -> bool {
    data.treatments().contains(&Treatment::LastFour)
}

/// The JSON Schema of `masking.yaml`.
pub(crate) fn schema() -> Value {
    let class = |data: PersonalData| {
        let treatments: Vec<(&str, Treatment)> =
            data.treatments().iter().map(|treatment| (treatment.as_str(), *treatment)).collect();
        about(choice(&treatments), data.chinese_name())
    };
    let classes = object(
        &CLASS_KEYS,
        &[],
        PersonalData::ALL.into_iter().map(|data| (data.as_str(), class(data))),
    );
    let what =
        "个人信息的各类怎样处理：destroy 整个删除，last_four 留后四位，flag 保留并计数，keep 保留";
    object(FILE_KEYS, FILE_KEYS, [("version", version()), ("masking", about(classes, what))])
}
