//! A small file of figures, and every mistake that can be made in it.

use crate::knowledge::broken_rows::{ENTRIES, POLICY, Row};

pub(crate) const FIGURES: &str = "knowledge/figures/fees.yaml";

pub(crate) const GOOD_FIGURES: &str = "version: 1
defaults: {checked: 2026-11-22, checked_by: 知识组, review_due: 2027-05-22}
figures:
  - id: fee_rate
    name: 提现费率
    value: 0.1%
    document: 《费率办法》
    clause: 第三条
    in_force: {from: 2026-01-01}
    read_at: 官网
    verified: 原文
";

/// A second row of the figure.
const NEXT: &str = "figures:
  - {id: fee_rate, name: 提现费率, value: 0.2%, document: 《费率办法》, clause: 第四条, in_force: {from: 2027-01-01}, read_at: 官网, verified: 原文}\n";

#[rustfmt::skip] // One row a line.
pub(crate) const IN_FIGURES: &[Row] = &[
    ("a figure without a use", FIGURES, "  - id: fee_rate", "  - {id: other_rate, name: 别的, value: 1%, document: 《办法》, clause: 第一条, in_force: {from: 2026-01-01, until: 2026-01-02}, read_at: 官网, verified: 原文}\n  - id: fee_rate", "KB150 knowledge/figures/fees.yaml:4:10"),
    ("a figure without a use whose review is due", FIGURES, "  - id: fee_rate", "  - {id: other_rate, name: 别的, value: 1%, document: 《办法》, clause: 第一条, in_force: {from: 2026-01-01, until: 2099-01-01}, review_due: 2026-12-01, read_at: 官网, verified: 原文}\n  - id: fee_rate", "KB150 knowledge/figures/fees.yaml:4:10"),
    ("two figures without a use, told once", FIGURES, "  - id: fee_rate", "  - {id: other_rate, name: 别的, value: 1%, document: 《办法》, clause: 第一条, in_force: {from: 2026-01-01, until: 2026-01-02}, read_at: 官网, verified: 原文}\n  - {id: third_rate, name: 别的, value: 1%, document: 《办法》, clause: 第一条, in_force: {from: 2026-01-01, until: 2026-01-02}, read_at: 官网, verified: 原文}\n  - id: fee_rate", "KB150 knowledge/figures/fees.yaml:4:10"),
    ("a figure without a use, explained", FIGURES, "  - id: fee_rate", "  # KB150: 供以后的条目用\n  - {id: other_rate, name: 别的, value: 1%, document: 《办法》, clause: 第一条, in_force: {from: 2026-01-01, until: 2026-01-02}, read_at: 官网, verified: 原文}\n  - id: fee_rate", ""),
    ("a figure of a draft", ENTRIES, "    steps: [看", "    status: draft\n    steps: [看", "KB035 knowledge/payment.yaml:12:18"),
    ("no list of figures", FIGURES, GOOD_FIGURES, "version: 1\nfigures: 无\n", "KB011 knowledge/figures/fees.yaml:2:10"),
    ("figures that are no YAML", FIGURES, GOOD_FIGURES, "version: [\n", "KB005 knowledge/figures/fees.yaml:1:10"),
    ("a figure without a value", FIGURES, "    value: 0.1%\n", "", "KB010 knowledge/figures/fees.yaml:4:5"),
    ("a figure without a clause", FIGURES, "    clause: 第三条\n", "", "KB010 knowledge/figures/fees.yaml:4:5"),
    ("a figure nobody has checked", FIGURES, "checked_by: 知识组, ", "", "KB010 knowledge/figures/fees.yaml:4:5"),
    ("a figure with an id that cannot be written", FIGURES, "id: fee_rate", "id: 费率", "KB020 knowledge/figures/fees.yaml:4:9"),
    ("a figure with a variable in its value", FIGURES, "value: 0.1%", "value: \"{{arrival}}\"", "KB020 knowledge/figures/fees.yaml:6:13"),
    ("a key of a figure misspelt", FIGURES, "read_at", "read_on", "KB009 knowledge/figures/fees.yaml:10:5"),
    ("a key of its days misspelt", FIGURES, "{from: 2026", "{form: 2026", "KB009 knowledge/figures/fees.yaml:9:16"),
    ("a value on two lines", FIGURES, "value: 0.1%", "value: |\n      0.1%\n      0.2%", "KB015 knowledge/figures/fees.yaml:7:7"),
    ("the last day before the first", FIGURES, "{from: 2026-01-01}", "{from: 2026-01-01, until: 2025-12-31}", "KB023 knowledge/figures/fees.yaml:9:41"),
    ("a review before the check", FIGURES, "review_due: 2027-05-22", "review_due: 2026-11-21", "KB023 knowledge/figures/fees.yaml:2:62 | KB133 knowledge/figures/fees.yaml:2:62"),
    ("two values on one day", FIGURES, "figures:\n", NEXT, "KB130 knowledge/figures/fees.yaml:4:93"),
    ("a figure and a variable of one name", FIGURES, "id: fee_rate", "id: hotline", "KB130 knowledge/figures/fees.yaml:4:9 | KB019 knowledge/payment.yaml:17:22"),
    ("a figure that has ended", FIGURES, "{from: 2026-01-01}", "{from: 2026-01-01, until: 2026-11-21}", "KB131 knowledge/figures/fees.yaml:9:41"),
    ("a figure that has not begun", FIGURES, "{from: 2026-01-01}", "{from: 2026-11-23}", "KB131 knowledge/figures/fees.yaml:9:22"),
    ("a figure that ends in sixty days", FIGURES, "{from: 2026-01-01}", "{from: 2026-01-01, until: 2027-01-21}", "KB132 knowledge/figures/fees.yaml:9:41"),
    ("a figure that ends in sixty-one days", FIGURES, "{from: 2026-01-01}", "{from: 2026-01-01, until: 2027-01-22}", ""),
    ("a figure overdue", FIGURES, "checked: 2026-11-22, checked_by: 知识组, review_due: 2027-05-22", "checked: 2026-01-01, checked_by: 知识组, review_due: 2026-11-21", "KB133 knowledge/figures/fees.yaml:2:62"),
    ("a figure due in sixty days", FIGURES, "review_due: 2027-05-22", "review_due: 2027-01-21", "KB134 knowledge/figures/fees.yaml:2:62"),
    ("a figure due in sixty-one days", FIGURES, "review_due: 2027-05-22", "review_due: 2027-01-22", ""),
    ("a figure that is not verified", FIGURES, "verified: 原文", "verified: no", "KB135 knowledge/figures/fees.yaml:11:15"),
    ("a figure said not to be verified", FIGURES, "verified: 原文", "verified: 未核实", "KB135 knowledge/figures/fees.yaml:11:15"),
    ("a figure that is false to be verified", FIGURES, "verified: 原文", "verified: false", "KB135 knowledge/figures/fees.yaml:11:15"),
    ("a figure nobody has read", FIGURES, "verified: 原文", "verified: 没有读到", "KB135 knowledge/figures/fees.yaml:11:15"),
    ("a figure not read yet", FIGURES, "verified: 原文", "verified: 尚未读到原文", "KB135 knowledge/figures/fees.yaml:11:15"),
    ("a figure that waits to be verified", FIGURES, "verified: 原文", "verified: 待核", "KB135 knowledge/figures/fees.yaml:11:15"),
    ("a figure not verified, and why", FIGURES, "verified: 原文", "verified: no（没有原文）", "KB135 knowledge/figures/fees.yaml:11:15"),
    ("a figure whose document was not found", FIGURES, "verified: 原文", "verified: 原文没有找到", "KB135 knowledge/figures/fees.yaml:11:15"),
    ("a no in Chinese quotation marks", FIGURES, "verified: 原文", "verified: “no”", "KB135 knowledge/figures/fees.yaml:11:15"),
    ("a question mark for how", FIGURES, "verified: 原文", "verified: ？", "KB135 knowledge/figures/fees.yaml:11:15"),
    ("a document whose English name begins as a no", FIGURES, "verified: 原文", "verified: Notice of the bank", ""),
    ("a figure verified without a word how", FIGURES, "verified: 原文", "verified: yes", "KB014 knowledge/figures/fees.yaml:11:15"),
    ("a next row that is not verified", FIGURES, "figures:\n", "figures:\n  - {id: fee_rate, name: 提现费率, value: 0.2%, document: 《费率办法》, clause: 第四条, in_force: {from: 2025-01-01, until: 2025-12-31}, read_at: 官网, verified: no}\n", ""),
    ("markup in a value", FIGURES, "value: 0.1%", "value: \"[0.1%](http://a.example)\"", "KB022 knowledge/figures/fees.yaml:6:13"),
    ("two mistakes of one row", FIGURES, "{from: 2026-01-01}\n    read_at: 官网\n    verified: 原文", "{from: 2026-02-30}", "KB010 knowledge/figures/fees.yaml:4:5 | KB010 knowledge/figures/fees.yaml:4:5 | KB023 knowledge/figures/fees.yaml:9:22"),
    ("a figure in one brace", ENTRIES, "以确认页为准", "以{fee_rate}为准", "KB020 knowledge/payment.yaml:16:14"),
    ("a figure in one brace of a text that may state none", POLICY, "rate: 打分", "rate: 打分 {fee_rate}", "KB020 intents/policy.yaml:18:14"),
    ("a variable in one full-width brace", ENTRIES, "以确认页为准", "以｛ hotline ｝为准", "KB020 knowledge/payment.yaml:16:14"),
    ("one brace around what is no name", ENTRIES, "以确认页为准", "以{json}为准", ""),
    ("a figure checked tomorrow", FIGURES, "checked: 2026-11-22", "checked: 2026-11-23", "KB151 knowledge/figures/fees.yaml:2:21"),
    ("an entry checked tomorrow", ENTRIES, "checked: 2026-11-22", "checked: 2026-11-23", "KB151 knowledge/payment.yaml:2:56"),
    ("steps with numbers of their own", ENTRIES, "    steps: [看确认页, ", "    steps: [1. 看确认页, ", "KB152 knowledge/payment.yaml:17:13"),
    ("steps with words for their numbers", ENTRIES, "    steps: [看确认页, ", "    steps: [第一步：看确认页, ", "KB152 knowledge/payment.yaml:17:13"),
    ("a step that begins with an amount", ENTRIES, "    steps: [看确认页, ", "    steps: [1.5 万元以上看确认页, ", ""),
    ("a step that begins with a time", ENTRIES, "    steps: [看确认页, ", "    steps: [第一步没做完就看确认页, ", ""),
    ("a step with a variable that is not quoted", ENTRIES, "    steps: [看确认页, ", "    steps: [看{{hotline}}, ", "KB005 knowledge/payment.yaml:17:14"),
    ("a text in place of no figure", ENTRIES, "    follow_ups: [payment", "    without_figure: 规定可能变了\n    follow_ups: [payment", "KB136 knowledge/payment.yaml:12:21"),
    ("a promise in place of a figure", ENTRIES, "    steps: [", "    without_figure: 正在为您联系人工客服\n    steps: [", "KB101 knowledge/payment.yaml:17:21"),
    ("a figure in place of a figure", ENTRIES, "    steps: [", "    without_figure: 是{{fee_rate}}\n    steps: [", "KB019 knowledge/payment.yaml:17:22"),
    ("a figure in a source", ENTRIES, "{source: 运营方规则}", "{source: \"{{fee_rate}}\"}", ""),
    ("an unknown figure in a source", ENTRIES, "{source: 运营方规则}", "{source: \"{{fee_rte}}\"}", "KB019 knowledge/payment.yaml:13:27"),
    ("a validity that ends in sixty days", ENTRIES, "    follow_ups: [", "    valid: {until: 2027-01-21}\n    follow_ups: [", "KB137 knowledge/payment.yaml:12:20"),
    ("six lines of an answer", ENTRIES, "    answer: 以确认页为准。", "    answer: |\n      一\n      二\n\n      三\n      四\n      五\n      六", ""),
    ("seven lines of an answer", ENTRIES, "    answer: 以确认页为准。", "    answer: |\n      一\n      二\n      三\n      四\n      五\n      六\n      七", "KB138 knowledge/payment.yaml:17:7"),
    ("one step", ENTRIES, "    steps: [看确认页, ", "    steps: [", "KB014 knowledge/payment.yaml:17:12"),
    ("a step on two lines", ENTRIES, "    steps: [看确认页, ", "    steps: [\"看\\n确认页\", ", "KB015 knowledge/payment.yaml:17:13"),
    ("steps that are no list", ENTRIES, "    steps: [看确认页, \"费率{{fee_rate}}\"]", "    steps: 看确认页", "KB011 knowledge/payment.yaml:17:12"),
];
