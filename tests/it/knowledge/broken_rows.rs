//! A small root without a mistake, and every mistake that can be made in it.

use crate::knowledge::{
    broken_figures::{FIGURES, GOOD_FIGURES, IN_FIGURES},
    broken_guard::{GOOD_GUARD, GUARD, IN_GUARD},
    broken_industry::{GOOD_INDUSTRY, IN_INDUSTRY, INDUSTRY},
    broken_masking::{GOOD_IDS, GOOD_MASKING, IDS, IN_MASKING, MASKING},
};

pub(crate) const ENTRIES: &str = "knowledge/payment.yaml";
pub(crate) const VARIABLES: &str = "knowledge/variables.yaml";
const CLASSES: &str = "knowledge/compliance.yaml";
pub(crate) const HOURS: &str = "knowledge/hours.yaml";
pub(crate) const DICTIONARY: &str = "knowledge/dict.txt";
const SYNONYMS: &str = "knowledge/synonyms.yaml";
pub(crate) const INTENTS: &str = "intents/service.yaml";
pub(crate) const POLICY: &str = "intents/policy.yaml";
const FACTS: &str = "knowledge/facts.yaml";
const TESTS: &str = "knowledge/tests.yaml";

/// A small root without a mistake.
pub(crate) const GOOD: &[(&str, &str)] = &[
    (
        ENTRIES,
        "version: 1
defaults: {category: payment, class: general, checked: 2026-11-22, review_due: 2027-05-22}
entries:
  - id: payment.withdraw.arrival
    question: 提现多久到账
    similar:
      - 提现要几天
    not: [充值多久到账]
    answer: |
      {{arrival}}，请看**提现页面**。
      - [电话](tel:12378)
    follow_ups: [payment.withdraw.fee]
    compliance: {source: 运营方规则}
  - id: payment.withdraw.fee
    question: 提现手续费多少
    answer: 以确认页为准。
    steps: [看确认页, \"费率{{fee_rate}}\"]
    compliance: {class: invest, source: 运营方规则}
",
    ),
    (VARIABLES, "version: 1\nvariables:\n  arrival: 次日到账\n  hotline: \"12378\"\n"),
    (CLASSES, "version: 1\nclasses:\n  general: {}\n  invest: {risk_line: 投资需谨慎。}\n"),
    (
        HOURS,
        "version: 1
time_zone: Asia/Shanghai
week:
  mon: [\"09:00-12:00\", \"14:00-18:00\"]
holidays:
  - {date: 2027-01-01, name: 元旦}
workdays:
  - {date: 2027-02-07, like: mon}
",
    ),
    (DICTIONARY, "# 词\n余额宝 2000\n花呗\n"),
    (
        SYNONYMS,
        "version: 1
synonyms:
  - {same: [提现, 取现]}
  - {say: [小金库], means: 货币基金}
",
    ),
    (INDUSTRY, GOOD_INDUSTRY),
    (FIGURES, GOOD_FIGURES),
    (GUARD, GOOD_GUARD),
    (IDS, GOOD_IDS),
    (MASKING, GOOD_MASKING),
    (FACTS, "version: 1\nfacts: {product: [wallet, loan]}\n"),
    (
        INTENTS,
        "version: 1
intents:
  - id: human.request
    priority: 60
    examples: [转人工]
    patterns: [^转人工$]
    action: {type: handoff, text: 好的。, priority: 5}
",
    ),
    (
        POLICY,
        "version: 1
policy:
  welcome: 您好
  hot_questions: [payment.withdraw.arrival]
  texts:
    clarify: 哪一个？
    fallback: 没懂 110 120 12356
    fallback_again: 还是没懂 110 120 12356
    queued: 已排队
    off_hours: \"{{next_opening}} 上班 110 120 12356\"
    no_agent: 不在 110 120 12356
    agent_joined: \"{{agent}} 来了\"
    agent_lost: 断开
    back_to_bot: 回来
    left_queue: 取消
    message_kept: 收到
    idle: 在吗
    rate: 打分
    rated: 谢谢
    secret_destroyed: 已删除
    queue_unstaffed: 没人了
    queue_staffed: 有人了
    queue_full: 排满了 110 120 12356
    clarify_one: 是「{{question}}」吗
    clarify_fraud: 先停下
    without_figure: 规定可能变了
    safety_line: 急事 110
",
    ),
    (
        TESTS,
        "version: 1
floors: {first: 800, helped: 850}
cases:
  - entry: payment.withdraw.arrival
    split: fit
    say: [钱咋还没来]
  - intent: human.request
    say: [有人吗]
  - no_answer: 别家产品
    say:
      - 车险怎么续保
      - \"😀\"
",
    ),
];

/// 51 utterances.
const MANY_UTTERANCES: &str = "[1a,2a,3a,4a,5a,6a,7a,8a,9a,1b,2b,3b,4b,5b,6b,7b,8b,9b,1c,2c,3c,\
    4c,5c,6c,7c,8c,9c,1d,2d,3d,4d,5d,6d,7d,8d,9d,1f,2f,3f,4f,5f,6f,7f,8f,9f,1g,2g,3g,4g,5g,6g]";

/// 51 words to contain.
const MANY_WORDS: &str = "    match: contains\n    patterns: [1a,2a,3a,4a,5a,6a,7a,8a,9a,1b,2b,3b,\
    4b,5b,6b,7b,8b,9b,1c,2c,3c,4c,5c,6c,7c,8c,9c,1d,2d,3d,4d,5d,6d,7d,8d,9d,1f,2f,3f,4f,5f,6f,7f,\
    8f,9f,1g,2g,3g,4g,5g,6g]\n    not: [";

/// What it shows, the file, the replaced text, its replacement, and the expected report.
pub(crate) type Row = (&'static str, &'static str, &'static str, &'static str, &'static str);

#[rustfmt::skip] // One row a line.
pub(crate) const YAML: &[Row] = &[
    ("a byte order mark", ENTRIES, "version: 1\ndef", "\u{feff}version: 1\ndef", "KB002 knowledge/payment.yaml:1:1"),
    ("too deep", ENTRIES, "not: [充值多久到账]", "not: [[[[[[[[[[[[[[[[[[[x]]]]]]]]]]]]]]]]]]]", "KB003 knowledge/payment.yaml:8:26"),
    ("a tab as indentation", ENTRIES, "    answer: |", "\tanswer: |", "KB004 knowledge/payment.yaml:9:1"),
    ("a colon in plain text", ENTRIES, "提现多久到账", "提现: 多久到账", "KB005 knowledge/payment.yaml:5:17"),
    ("a quotation mark without its other", ENTRIES, "提现手续费多少", "\"提现手续费多少", "KB005 knowledge/payment.yaml:15:15"),
    ("an at sign first", ENTRIES, "提现手续费多少", "@提现手续费多少", "KB005 knowledge/payment.yaml:15:15"),
    ("two documents", ENTRIES, "  - id: payment.withdraw.fee", "---\n  - id: payment.withdraw.fee", "KB005 knowledge/payment.yaml:14:1"),
    ("a bracket without its other", ENTRIES, "[payment.withdraw.fee]", "[payment.withdraw.fee", "KB005 knowledge/payment.yaml:12:17"),
    ("a full-width colon", ENTRIES, "question: 提现手", "question：提现手", "KB006 knowledge/payment.yaml:15:13"),
    ("a full-width colon in braces", ENTRIES, "{source: 运营方规则}\n  -", "{source：运营方规则}\n  -", "KB006 knowledge/payment.yaml:13:24"),
    ("a full-width colon after a dash", ENTRIES, "      - 提现要几天", "      - 提现要几天\n  - id：a", "KB010 knowledge/payment.yaml:4:5 | KB010 knowledge/payment.yaml:4:5 | KB006 knowledge/payment.yaml:8:7"),
    ("an anchor", ENTRIES, "answer: 以", "answer: &a 以", "KB007 knowledge/payment.yaml:16:13"),
    ("an alias", ENTRIES, "      - 提现要几天", "      - *重要*", "KB007 knowledge/payment.yaml:7:9"),
    ("a tag", ENTRIES, "answer: 以", "answer: !note 以", "KB007 knowledge/payment.yaml:16:13"),
    ("a key twice", ENTRIES, "    question: 提现手", "    question: 提现要钱吗\n    question: 提现手", "KB008 knowledge/payment.yaml:16:5"),
    ("a key misspelt, not missing as well", ENTRIES, "    answer: 以", "    anwser: 以", "KB009 knowledge/payment.yaml:16:5"),
    ("a key at the wrong level", ENTRIES, "{source: 运营方规则}\n  -", "{source: 运营方规则, status: live}\n  -", "KB009 knowledge/payment.yaml:13:33"),
    ("an empty file", INTENTS, "", "", "KB010 intents/service.yaml:1:1"),
];

#[rustfmt::skip] // One row a line.
pub(crate) const VALUES: &[Row] = &[
    ("no answer", ENTRIES, "    answer: 以确认页为准。\n", "", "KB010 knowledge/payment.yaml:14:5"),
    ("an answer without text", ENTRIES, "answer: 以确认页为准。", "answer:", "KB010 knowledge/payment.yaml:16:11"),
    ("no class in entry and defaults", ENTRIES, "class: general, ", "", "KB010 knowledge/payment.yaml:13:17"),
    ("no source", ENTRIES, "{class: invest, source: 运营方规则}", "{class: invest}", "KB010 knowledge/payment.yaml:18:17"),
    ("no action", INTENTS, "    action: {type: handoff, text: 好的。, priority: 5}\n", "", "KB010 intents/service.yaml:3:5"),
    ("neither examples nor patterns", INTENTS, "    examples: [转人工]\n    patterns: [^转人工$]\n", "", "KB010 intents/service.yaml:3:5"),
    ("a text of the policy missing", POLICY, "    rate: 打分\n", "", "KB010 intents/policy.yaml:6:5"),
    ("a list that is text", ENTRIES, "similar:\n      - 提现要几天", "similar: 提现要几天", "KB011 knowledge/payment.yaml:6:14"),
    ("text that is a map", ENTRIES, "- 提现要几天", "- 提现: 要几天", "KB011 knowledge/payment.yaml:7:9"),
    ("a number for text", ENTRIES, "提现要几天", "12345", "KB013 knowledge/payment.yaml:7:9"),
    ("no for text", ENTRIES, "[充值多久到账]", "[充值多久到账, no]", "KB013 knowledge/payment.yaml:8:19"),
    ("a phone number unquoted", VARIABLES, "\"12378\"", "12378", "KB013 knowledge/variables.yaml:4:12"),
    ("a word that is no choice", ENTRIES, "    follow_ups: [", "    handoff: always\n    follow_ups: [", "KB014 knowledge/payment.yaml:12:14"),
    ("a number out of range", POLICY, "  welcome", "  clarify_choices: 6\n  welcome", "KB014 intents/policy.yaml:3:20"),
    ("no place in the queue", POLICY, "  welcome", "  queue_max: 0\n  welcome", "KB014 intents/policy.yaml:3:14"),
    ("no conversation for an agent", POLICY, "  welcome", "  agent_conversations_max: 0\n  welcome", "KB014 intents/policy.yaml:3:28"),
    ("clarifying surer than answering", POLICY, "  welcome", "  clarify_precision: 960\n  welcome", "KB014 intents/policy.yaml:3:22"),
    ("a quoted number", INTENTS, "priority: 60", "priority: \"60\"", "KB014 intents/service.yaml:4:15"),
    ("an entry that follows itself", ENTRIES, "[payment.withdraw.fee]", "[payment.withdraw.arrival]", "KB014 knowledge/payment.yaml:12:18"),
    ("too many follow-ups", ENTRIES, "[payment.withdraw.fee]", "[payment.withdraw.fee, a.a, a.b, a.c, a.d]", "KB018 knowledge/payment.yaml:12:40 | KB018 knowledge/payment.yaml:12:45 | KB018 knowledge/payment.yaml:12:50 | KB014 knowledge/payment.yaml:12:55 | KB018 knowledge/payment.yaml:12:55"),
    ("a question of one character", ENTRIES, "提现要几天", "钱", "KB015 knowledge/payment.yaml:7:9"),
    ("a question over two lines", ENTRIES, "- 提现要几天", "- |\n        提现\n        几天", "KB015 knowledge/payment.yaml:8:9"),
    ("an id in Chinese", ENTRIES, "id: payment.withdraw.fee", "id: 提现.费用", "KB016 knowledge/payment.yaml:14:9"),
    ("a date that is none", ENTRIES, "checked: 2026-11-22", "checked: 2026-02-30", "KB023 knowledge/payment.yaml:2:56"),
    ("a date in another form", ENTRIES, "checked: 2026-11-22", "checked: 20261122", "KB023 knowledge/payment.yaml:2:56"),
    ("from after until", ENTRIES, "    follow_ups: [", "    valid: {from: 2026-12-31, until: 2026-01-01}\n    follow_ups: [", "KB023 knowledge/payment.yaml:12:38"),
    ("spans that overlap", HOURS, "14:00-18:00", "11:00-18:00", "KB025 knowledge/hours.yaml:4:24"),
    ("a span over midnight", HOURS, "14:00-18:00", "22:00-06:00", "KB025 knowledge/hours.yaml:4:24"),
    ("a day twice", HOURS, "2027-02-07", "2027-01-01", "KB025 knowledge/hours.yaml:8:12"),
    ("a break of five minutes", HOURS, "14:00-18:00", "12:05-18:00", "KB045 knowledge/hours.yaml:4:24"),
    ("spans in another order", HOURS, "\"09:00-12:00\", \"14:00-18:00\"", "\"14:00-18:00\", \"13:55-13:59\"", "KB045 knowledge/hours.yaml:4:9"),
    ("a week without hours", HOURS, "[\"09:00-12:00\", \"14:00-18:00\"]", "[]", "KB045 knowledge/hours.yaml:4:3"),
    ("a time zone that is none", HOURS, "Asia/Shanghai", "北京时间", "KB026 knowledge/hours.yaml:2:12"),
    ("a pattern that is none", INTENTS, "[^转人工$]", "['(转人工']", "KB027 intents/service.yaml:6:16"),
    ("a pattern that looks ahead", INTENTS, "[^转人工$]", "['转(?!人工)']", "KB027 intents/service.yaml:6:16"),
    ("a pattern that matches anything", INTENTS, "[^转人工$]", "['(转)?(人工)?']", "KB027 intents/service.yaml:6:16"),
    ("a pattern that is too large", INTENTS, "[^转人工$]", "['(\\w{90}){90}']", "KB027 intents/service.yaml:6:16"),
    ("no version", CLASSES, "version: 1\n", "", "KB030 knowledge/compliance.yaml:1:1"),
    ("a likelihood of a guess", CLASSES, "version: 1", "version: 1\nlikely: {alone: 300}", "KB014 knowledge/compliance.yaml:2:17"),
    ("a likelihood without the first", CLASSES, "version: 1", "version: 1\nlikely: {with_concepts: 300}", "KB010 knowledge/compliance.yaml:2:9"),
    ("another version", CLASSES, "version: 1", "version: 2", "KB030 knowledge/compliance.yaml:1:10"),
    ("the standard question again", ENTRIES, "提现要几天", "提现，多久到账？", "KB031 knowledge/payment.yaml:7:9"),
    ("a question without a word", ENTRIES, "提现要几天", "？？？", "KB032 knowledge/payment.yaml:7:9"),
    ("a frequency that is none", DICTIONARY, "2000", "很多", "KB033 knowledge/dict.txt:2:1"),
    ("a word twice", DICTIONARY, "花呗", "余额宝", "KB031 knowledge/dict.txt:3:1"),
    ("a synonym in two groups", SYNONYMS, "小金库", "取 现", "KB046 knowledge/synonyms.yaml:4:12"),
    ("a synonym of itself", SYNONYMS, "小金库", "货币基金！", "KB046 knowledge/synonyms.yaml:4:12"),
    ("a synonym of a synonym", SYNONYMS, "means: 货币基金", "means: 取现", "KB046 knowledge/synonyms.yaml:4:25"),
    ("a synonym of what is said itself", SYNONYMS, "means: 货币基金}", "means: 余额宝}\n  - {say: [零钱], means: 小金库}", "KB046 knowledge/synonyms.yaml:5:24"),
    ("a word without synonyms", SYNONYMS, "[提现, 取现]", "[提现]", "KB046 knowledge/synonyms.yaml:3:12"),
    ("synonyms one way and both ways", SYNONYMS, "means: 货币基金", "means: 货币基金, same: [零钱, 余额]", "KB046 knowledge/synonyms.yaml:4:5"),
    ("a synonym of one character", SYNONYMS, "取现", "取！", "KB015 knowledge/synonyms.yaml:3:17"),
    ("a synonym without a meaning", SYNONYMS, ", means: 货币基金", "", "KB010 knowledge/synonyms.yaml:4:5"),
    ("not its own question", ENTRIES, "[充值多久到账]", "[提现要几天]", "KB034 knowledge/payment.yaml:8:11"),
    ("a hidden character", ENTRIES, "提现要几天", "提现\u{200b}要几天", "KB038 knowledge/payment.yaml:7:11"),
    ("a pattern with a space", INTENTS, "[^转人工$]", "[^转 人工$]", "KB039 intents/service.yaml:6:18"),
    ("a floor out of range", TESTS, "first: 800", "first: 1001", "KB014 knowledge/tests.yaml:2:17"),
    ("a floor that is none", TESTS, "helped: 850", "help: 850", "KB009 knowledge/tests.yaml:2:22"),
    ("a half that is none", TESTS, "split: fit", "split: train", "KB014 knowledge/tests.yaml:5:12"),
    ("a case without utterances", TESTS, "say: [有人吗]", "say: []", "KB010 knowledge/tests.yaml:8:10"),
    ("too many utterances", TESTS, "[有人吗]", MANY_UTTERANCES, "KB014 knowledge/tests.yaml:8:161"),
    ("no reason", TESTS, "no_answer: 别家产品", "no_answer:", "KB010 knowledge/tests.yaml:9:14"),
    ("a clarification of one", TESTS, "intent: human.request", "clarify: [payment.withdraw.fee]", "KB014 knowledge/tests.yaml:7:14"),
    ("patterns without a match", ENTRIES, "    not: [", "    patterns: [到账]\n    not: [", "KB051 knowledge/payment.yaml:8:15"),
    ("an exact match with patterns", ENTRIES, "    not: [", "    match: exact\n    patterns: [到账]\n    not: [", "KB051 knowledge/payment.yaml:9:15"),
    ("a match without patterns", ENTRIES, "    not: [", "    match: contains\n    not: [", "KB051 knowledge/payment.yaml:8:12"),
    ("a match with no pattern", ENTRIES, "    not: [", "    match: regex\n    patterns: []\n    not: [", "KB051 knowledge/payment.yaml:9:15"),
    ("a match that is none", ENTRIES, "    not: [", "    match: fuzzy\n    patterns: [到账]\n    not: [", "KB014 knowledge/payment.yaml:8:12"),
    ("a contained word of one character", ENTRIES, "    not: [", "    match: contains\n    patterns: [提！]\n    not: [", "KB015 knowledge/payment.yaml:9:16"),
    ("a contained word twice", ENTRIES, "    not: [", "    match: contains\n    patterns: [到账, 到 账]\n    not: [", "KB031 knowledge/payment.yaml:9:20"),
    ("too many contained words", ENTRIES, "    not: [", MANY_WORDS, "KB014 knowledge/payment.yaml:9:166"),
    ("an entry's pattern that is none", ENTRIES, "    not: [", "    match: regex\n    patterns: ['(到账']\n    not: [", "KB027 knowledge/payment.yaml:9:16"),
    ("an entry's pattern that looks back", ENTRIES, "    not: [", "    match: regex\n    patterns: ['(?<=到)账']\n    not: [", "KB027 knowledge/payment.yaml:9:16"),
    ("an entry's pattern that is too large", ENTRIES, "    not: [", "    match: regex\n    patterns: ['(\\w{90}){90}']\n    not: [", "KB027 knowledge/payment.yaml:9:16"),
    ("an entry's pattern that matches anything", ENTRIES, "    not: [", "    match: regex\n    patterns: ['(到账)?']\n    not: [", "KB027 knowledge/payment.yaml:9:16"),
    ("an entry's pattern with a capital", ENTRIES, "    not: [", "    match: regex\n    patterns: [VIP到账]\n    not: [", "KB039 knowledge/payment.yaml:9:16"),
    ("an entry's pattern twice", ENTRIES, "    not: [", "    match: regex\n    patterns: [^到账$, ^到账$]\n    not: [", "KB031 knowledge/payment.yaml:9:22"),
    ("an entry for nobody", ENTRIES, "    not: [", "    when: {product: []}\n    not: [", "KB055 knowledge/payment.yaml:8:21"),
    ("a fact in capitals", FACTS, "loan", "Loan", "KB055 knowledge/facts.yaml:2:27"),
    ("a fact without values", FACTS, "[wallet, loan]", "[]", "KB055 knowledge/facts.yaml:2:18"),
    ("a value of a fact twice", FACTS, "loan", "wallet", "KB031 knowledge/facts.yaml:2:27"),
    ("a value of a fact alone", FACTS, "[wallet, loan]", "wallet", "KB011 knowledge/facts.yaml:2:18"),
    ("a case that expects nothing", TESTS, "  - intent: human.request\n    say", "  - say", "KB052 knowledge/tests.yaml:7:5"),
    ("a case that expects two things", TESTS, "    split: fit", "    no_answer: 别家", "KB052 knowledge/tests.yaml:5:16"),
    ("a misspelt expectation, not missing as well", TESTS, "intent: human.request", "intend: human.request", "KB009 knowledge/tests.yaml:7:5"),
    ("floors in a further file", "knowledge/tests/more.yaml", "", "version: 1\nfloors: {first: 1}\ncases: []\n", "KB009 knowledge/tests/more.yaml:2:1"),
    ("a pattern with capitals", INTENTS, "[^转人工$]", "[VIP]", "KB039 intents/service.yaml:6:16"),
    ("a pattern with a number in words", INTENTS, "[^转人工$]", "['到账(三天|[三十]天)了']", "KB039 intents/service.yaml:6:20"),
];

#[rustfmt::skip] // One row a line.
pub(crate) const TOGETHER: &[Row] = &[
    ("one question under two entries", ENTRIES, "question: 提现手续费多少", "question: 提现 要几天？", "KB012 knowledge/payment.yaml:15:15"),
    ("one question under entry and intent", INTENTS, "[转人工]", "[转人工, 提现要几天]", "KB012 intents/service.yaml:5:21"),
    ("one id twice", ENTRIES, "id: payment.withdraw.fee", "id: payment.withdraw.arrival", "KB018 knowledge/payment.yaml:12:18 | KB017 knowledge/payment.yaml:14:9"),
    ("an unknown follow-up", ENTRIES, "[payment.withdraw.fee]", "[payment.withdraw.fees]", "KB018 knowledge/payment.yaml:12:18"),
    ("an unknown hot question", POLICY, "[payment.withdraw.arrival]", "[payment.arrival]", "KB018 intents/policy.yaml:4:19"),
    ("an unknown entry of an intent", INTENTS, "{type: handoff, text: 好的。, priority: 5}", "{type: answer, entry: a.b}", "KB018 intents/service.yaml:7:35"),
    ("an unknown variable", ENTRIES, "{{arrival}}，", "{{arival}}，", "KB019 knowledge/payment.yaml:10:7"),
    ("the second of two of a name", POLICY, "    rate: 打分", "    rate: \"{{arrival}}{{x}}{{x}}\"", "KB019 intents/policy.yaml:18:23 | KB019 intents/policy.yaml:18:28"),
    ("a variable of the engine elsewhere", POLICY, "    rate: 打分", "    rate: \"{{agent}} 打分\"", "KB019 intents/policy.yaml:18:12"),
    ("a variable with a space", ENTRIES, "{{arrival}}，", "{{ arrival }}，", "KB020 knowledge/payment.yaml:10:7"),
    ("a variable in a question", ENTRIES, "提现要几天", "提现{{arrival}}", "KB020 knowledge/payment.yaml:7:11"),
    ("a heading", ENTRIES, "      - [电话]", "      # 电话\n      - [电话]", "KB021 knowledge/payment.yaml:11:7"),
    ("html in a text of the policy", POLICY, "welcome: 您好", "welcome: 您好<br>", "KB021 intents/policy.yaml:3:14"),
    ("http", ENTRIES, "tel:12378", "http://a.example", "KB022 knowledge/payment.yaml:11:9"),
    ("an unknown class", ENTRIES, "class: general", "class: generel", "KB024 knowledge/payment.yaml:2:38"),
    ("a review overdue", ENTRIES, "checked: 2026-11-22, review_due: 2027-05-22", "checked: 2026-01-01, review_due: 2026-11-21", "KB028 knowledge/payment.yaml:2:80"),
    ("a review due in sixty days", ENTRIES, "review_due: 2027-05-22", "review_due: 2027-01-21", "KB042 knowledge/payment.yaml:2:80"),
    ("a review due in sixty-one days", ENTRIES, "review_due: 2027-05-22", "review_due: 2027-01-22", ""),
    ("a validity that is over", ENTRIES, "    follow_ups: [", "    valid: {until: 2026-11-21}\n    follow_ups: [", "KB043 knowledge/payment.yaml:12:20"),
    ("a validity that is over today", ENTRIES, "    follow_ups: [", "    valid: {until: 2026-11-22}\n    follow_ups: [", "KB137 knowledge/payment.yaml:12:20"),
    ("a validity that ends later", ENTRIES, "    follow_ups: [", "    valid: {until: 2027-01-22}\n    follow_ups: [", ""),
    ("a wrong code of a rule", CLASSES, "invest: {risk_line: 投资需谨慎。}", "invest: {}\nrules:\n  - {code: CP1, name: 承诺, severity: error, applies_to: [agent], words: [保本], source: 法律, mend: 改正}", "KB057 knowledge/compliance.yaml:6:12"),
    ("one code for two rules", CLASSES, "invest: {risk_line: 投资需谨慎。}", "invest: {}\nrules:\n  - {code: CP001, name: 承诺, severity: error, applies_to: [agent], words: [保本], source: 法律, mend: 改正}\n  - {code: CP001, name: 承诺, severity: error, applies_to: [agent], words: [保本], source: 法律, mend: 改正}", "KB057 knowledge/compliance.yaml:7:12"),
    ("a rule without words", CLASSES, "invest: {risk_line: 投资需谨慎。}", "invest: {}\nrules:\n  - {code: CP001, name: 承诺, severity: error, applies_to: [agent], source: 法律, mend: 改正}", "KB058 knowledge/compliance.yaml:6:5"),
    ("a word of one character", CLASSES, "invest: {risk_line: 投资需谨慎。}", "invest: {}\nrules:\n  - {code: CP001, name: 承诺, severity: error, applies_to: [agent], words: [保*], source: 法律, mend: 改正}", "KB058 knowledge/compliance.yaml:6:75"),
    ("a word of a rule twice", CLASSES, "invest: {risk_line: 投资需谨慎。}", "invest: {}\nrules:\n  - {code: CP001, name: 承诺, severity: error, applies_to: [agent], words: [保本, 保 本], source: 法律, mend: 改正}", "KB031 knowledge/compliance.yaml:6:79"),
    ("a pattern of a rule that matches anything", CLASSES, "invest: {risk_line: 投资需谨慎。}", "invest: {}\nrules:\n  - {code: CP001, name: 承诺, severity: error, applies_to: [agent], patterns: [(保本)?], source: 法律, mend: 改正}", "KB027 knowledge/compliance.yaml:6:78"),
    ("a wrong pattern of a rule that lacks its mend", CLASSES, "invest: {risk_line: 投资需谨慎。}", "invest: {}\nrules:\n  - {code: CP001, name: 承诺, severity: error, applies_to: [agent], patterns: [(保本], source: 法律}", "KB010 knowledge/compliance.yaml:6:5 | KB027 knowledge/compliance.yaml:6:78"),
    ("a pattern of a rule that is idle", CLASSES, "invest: {risk_line: 投资需谨慎。}", "invest: {}\nrules:\n  - {code: CP001, name: 承诺, severity: error, applies_to: [agent], patterns: [保 本], source: 法律, mend: 改正}", "KB039 knowledge/compliance.yaml:6:79"),
    ("an unknown class of a rule", CLASSES, "invest: {risk_line: 投资需谨慎。}", "invest: {}\nrules:\n  - {code: CP001, name: 承诺, severity: error, applies_to: [agent], classes: [invets], words: [保本], source: 法律, mend: 改正}", "KB024 knowledge/compliance.yaml:6:77"),
    ("an unknown speaker", CLASSES, "invest: {risk_line: 投资需谨慎。}", "invest: {}\nrules:\n  - {code: CP001, name: 承诺, severity: error, applies_to: [agents], words: [保本], source: 法律, mend: 改正}", "KB014 knowledge/compliance.yaml:6:59"),
    ("a rule for nobody", CLASSES, "invest: {risk_line: 投资需谨慎。}", "invest: {}\nrules:\n  - {code: CP001, name: 承诺, severity: error, applies_to: [], words: [保本], source: 法律, mend: 改正}", "KB058 knowledge/compliance.yaml:6:5"),
    ("an answer that breaks a rule", CLASSES, "invest: {risk_line: 投资需谨慎。}", "invest: {risk_line: 放心，保 本。}\nrules:\n  - {code: CP001, name: 承诺, severity: error, applies_to: [answer], words: [保本], source: 法律, mend: 改正}", "CP001 knowledge/compliance.yaml:4:26"),
    ("a reference to a draft", ENTRIES, "    answer: 以", "    status: draft\n    answer: 以", "KB035 knowledge/payment.yaml:12:18"),
    ("no entries", ENTRIES, "", "version: 1\nentries: []\n", "KB018 intents/policy.yaml:4:19 | KB037 knowledge:1:1 | KB018 knowledge/tests.yaml:4:12"),
    ("one contained word under two entries", ENTRIES, "  - id: payment.withdraw.fee\n    question: 提现手续费多少", "  - id: payment.a.b\n    question: 甲问\n    match: contains\n    patterns: [花呗]\n    answer: 答\n    compliance: {source: 规则}\n  - id: payment.withdraw.fee\n    question: 提现手续费多少\n    match: contains\n    patterns: [花 呗]", "KB059 knowledge/payment.yaml:23:16"),
    ("one pattern under two entries", ENTRIES, "  - id: payment.withdraw.fee\n    question: 提现手续费多少", "  - id: payment.a.b\n    question: 甲问\n    match: regex\n    patterns: [花.呗]\n    answer: 答\n    compliance: {source: 规则}\n  - id: payment.withdraw.fee\n    question: 提现手续费多少\n    when: {product: [loan]}\n    match: regex\n    patterns: [花.呗]", "KB059 knowledge/payment.yaml:24:16"),
    ("one contained word for two kinds of customers", ENTRIES, "  - id: payment.withdraw.fee\n    question: 提现手续费多少", "  - id: payment.a.b\n    question: 甲问\n    when: {product: [wallet]}\n    match: contains\n    patterns: [花呗]\n    answer: 答\n    compliance: {source: 规则}\n  - id: payment.withdraw.fee\n    question: 提现手续费多少\n    when: {product: [loan]}\n    match: contains\n    patterns: [花呗]", ""),
    ("one question for two kinds of customers", ENTRIES, "  - id: payment.withdraw.fee\n", "  - id: payment.a.b\n    question: 提现手续费多少\n    when: {product: [wallet]}\n    answer: 答\n    compliance: {source: 规则}\n  - id: payment.withdraw.fee\n    when: {product: [loan]}\n", ""),
    ("one question for some and for all", ENTRIES, "  - id: payment.withdraw.fee\n", "  - id: payment.a.b\n    question: 提现手续费多少\n    when: {product: [wallet]}\n    answer: 答\n    compliance: {source: 规则}\n  - id: payment.withdraw.fee\n", "KB012 knowledge/payment.yaml:20:15"),
    ("an undeclared fact", ENTRIES, "    not: [", "    when: {produkt: [wallet]}\n    not: [", "KB056 knowledge/payment.yaml:8:12"),
    ("an undeclared value", ENTRIES, "    not: [", "    when: {product: [walet]}\n    not: [", "KB056 knowledge/payment.yaml:8:22"),
    ("an undeclared fact of a test", TESTS, "    split: fit", "    split: fit\n    facts: {product: card}", "KB056 knowledge/tests.yaml:6:22"),
    ("a fact of a test that is a list", TESTS, "    split: fit", "    split: fit\n    facts: {product: [loan]}", "KB011 knowledge/tests.yaml:6:22"),
    ("one utterance of two kinds of customers", TESTS, "  - no_answer", "  - entry: payment.withdraw.fee\n    facts: {product: loan}\n    say: [有人吗]\n  - no_answer", ""),
    ("a test of an unknown entry", TESTS, "payment.withdraw.arrival", "payment.arrival", "KB018 knowledge/tests.yaml:4:12"),
    ("a test of an unknown choice", TESTS, "intent: human.request", "clarify: [payment.withdraw.fee, payment.fee]", "KB018 knowledge/tests.yaml:7:37"),
    ("a test of an unknown intent", TESTS, "human.request", "human.requests", "KB018 knowledge/tests.yaml:7:13"),
    ("a text that the program has", POLICY, "    queue_staffed: 有人了\n", "", "KB100 intents/policy.yaml:6:5"),
    ("a promise before a handoff", INTENTS, "text: 好的。", "text: 好的，正在为您联系人工客服。", "KB101 intents/service.yaml:7:38"),
    ("a promise when nobody is there", INTENTS, "text: 好的。", "texts: {nobody: 没人, closed: 请稍候。}", "KB101 intents/service.yaml:7:57"),
    ("a promise in the line of an intent", INTENTS, "    action: {type: handoff", "    line: 正在为您联系人工客服。\n    action: {type: handoff", "KB101 intents/service.yaml:7:11"),
    ("a promise in a text before a handoff", POLICY, "还是没懂", "马上为您转接，", "KB101 intents/policy.yaml:8:21"),
    ("a promise in a queue that is there", INTENTS, "text: 好的。", "texts: {queued: 请稍候。}", ""),
    ("another outcome", INTENTS, "text: 好的。", "texts: {away: 没人}", "KB009 intents/service.yaml:7:37"),
    ("the next opening where it is known", INTENTS, "text: 好的。", "texts: {closed: \"{{next_opening}} 上班\"}", ""),
    ("the next opening where it is not meant", INTENTS, "text: 好的。", "texts: {nobody: \"{{next_opening}} 上班\"}", "KB019 intents/service.yaml:7:46"),
    ("a yes for whatever was asked", INTENTS, "text: 好的。", "text: 可以。请说。", "KB102 intents/service.yaml:7:35"),
    ("an answer that is a no to both", ENTRIES, "- 提现要几天\n    not: [充值多久到账]\n    answer: |\n      {{arrival}}，", "- 能今天到账吗\n      - 今天不能到账吗\n    not: [充值多久到账]\n    answer: |\n      不能，", "KB102 knowledge/payment.yaml:11:7"),
    ("an answer that is a no to one", ENTRIES, "- 提现要几天\n    not: [充值多久到账]\n    answer: |\n      {{arrival}}，", "- 能今天到账吗\n    not: [充值多久到账]\n    answer: |\n      不能，", ""),
    ("a text without numbers for help", POLICY, "没懂 110 120 12356\n    fallback_again", "没懂 96110\n    fallback_again", "KB103 intents/policy.yaml:7:15"),
    ("an unknown class of fraud", POLICY, "  texts:", "  fraud_classes: [frauds]\n  texts:", "KB024 intents/policy.yaml:5:19"),
    ("a text that the program has, misspelt", POLICY, "queue_staffed", "queue_stafed", "KB009 intents/policy.yaml:22:5"),
    ("a test of a draft", ENTRIES, "    not: [", "    status: draft\n    not: [", "KB035 intents/policy.yaml:4:19 | KB035 knowledge/tests.yaml:4:12"),
    ("one utterance twice", TESTS, "[有人吗]", "[有人吗, 车险 怎么续保]", "KB053 knowledge/tests.yaml:11:9"),
    ("signs twice", TESTS, "[有人吗]", "[有人吗, 😀]", "KB053 knowledge/tests.yaml:12:9"),
    ("one utterance in two files", "knowledge/tests/more.yaml", "", "version: 1\ncases:\n  - no_answer: 别家\n    say: [有人吗？]\n", "KB053 knowledge/tests/more.yaml:4:11"),
    ("a test of a question", TESTS, "有人吗", "'提现，要几天'", "KB054 knowledge/tests.yaml:8:11"),
    ("a floor of an unknown intent", TESTS, "helped: 850", "by_intent: {human.requests: 1}", "KB120 knowledge/tests.yaml:2:34"),
    ("a floor of an unknown kind", TESTS, "helped: 850", "sealed: {paymen: 1}", "KB120 knowledge/tests.yaml:2:31"),
    ("a floor of an intent with a case", TESTS, "helped: 850", "by_intent: {human.request: 1}", ""),
    ("a sealed floor without a case", TESTS, "helped: 850", "sealed: {clarify: 1}", "KB121 knowledge/tests.yaml:2:31"),
    ("a floor of an intent out of range", TESTS, "helped: 850", "by_intent: {human.request: 1001}", "KB014 knowledge/tests.yaml:2:49"),
    ("a sealed question", "knowledge/tests/sealed.yaml", "", "version: 1\ncases: [{intent: human.request, split: sealed, say: [转人工, 有人吗, 活人, 活 人]}]\n", "KB122 knowledge/tests/sealed.yaml:1:1"),
    ("a mistake of a sealed case", "knowledge/tests/sealed.yaml", "", "version: 1\ncases: [{intent: human.request, split: sealed, say: [12345]}]\n", "KB013 knowledge/tests/sealed.yaml:2:54"),
    ("a test of an example", TESTS, "有人吗", "转人工", "KB054 knowledge/tests.yaml:8:11"),
];

/// Every row with the broken file that it makes.
pub(crate) fn rows() -> impl Iterator<Item = (&'static Row, Vec<u8>)> {
    let tables = [YAML, VALUES, TOGETHER, IN_INDUSTRY, IN_GUARD, IN_MASKING, IN_FIGURES];
    tables.into_iter().flatten().map(|row| {
        let (_, path, from, to, _) = row;
        (row, if from.is_empty() { to.as_bytes().to_vec() } else { edited(path, from, to) })
    })
}

/// Part of a good file, replaced.
pub(crate) fn edited(path: &str, from: &str, to: &str) -> Vec<u8> {
    let (_, good) = GOOD.iter().find(|(good, _)| *good == path).unwrap();
    assert!(good.contains(from), "{from:?} is not in {path}");
    good.replacen(from, to, 1).into_bytes()
}
