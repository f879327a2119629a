//! A small `industry.yaml`, and every mistake that can be made in it.

use crate::knowledge::broken_rows::{ENTRIES, Row};

pub(crate) const INDUSTRY: &str = "knowledge/industry.yaml";

/// One of everything.
pub(crate) const GOOD_INDUSTRY: &str = "version: 1
categories:
  - {id: account, name: 账户}
  - id: payment
    name: 支付
    children:
      - {id: transfer, name: 转账}
rivals:
  - [花呗, 借呗]
  - [登录密码, [支付密码, 交易密码]]
brands: [微信, 支付宝]
opposites:
  - {one: [开通], other: [关闭, 注销]}
question_kinds:
  - {id: how, words: [怎么]}
  - {id: why, over: [how], words: [为什么, 怎么没]}
stop_words: [的, 了]
courtesies: {before: [请问], after: [谢谢, 呢]}
not_denials: [差不多]
dialect:
  - {say: [乜嘢, 乜], means: 什么}
same:
  - {say: [咋, 如何], means: 怎么}
";

const ENGLISH: &str = "version: 1
defaults: {category: payment, class: general, checked: 2026-11-22, review_due: 2027-05-22}
entries:
  - id: payment.withdraw.arrival
    question: how long does a withdrawal take
    similar: [when do I get my money]
    answer: On the next working day.
    compliance: {source: the operator}
  - id: payment.withdraw.fee
    question: what does a withdrawal cost
    answer: See the page.
    compliance: {source: the operator}
";

#[rustfmt::skip] // One row a line.
pub(crate) const IN_INDUSTRY: &[Row] = &[
    ("a further level of categories", ENTRIES, "category: payment", "category: transfer", ""),
    ("a key of the industry left out", INDUSTRY, "not_denials: [差不多]\n", "", "KB104 knowledge/industry.yaml:1:1"),
    ("lists without words", INDUSTRY, "stop_words: [的, 了]\ncourtesies: {before: [请问], after: [谢谢, 呢]}", "stop_words: []\ncourtesies: []", ""),
    ("a key of the industry misspelt", INDUSTRY, "brands:", "brand:", "KB009 knowledge/industry.yaml:11:1"),
    ("no version of the industry", INDUSTRY, "version: 1\n", "", "KB030 knowledge/industry.yaml:1:1"),
    ("courtesies that are text", INDUSTRY, "{before: [请问], after: [谢谢, 呢]}", "请问", "KB011 knowledge/industry.yaml:18:13"),
    ("a category that is none", ENTRIES, "category: payment", "category: paymant", "KB105 knowledge/payment.yaml:2:22"),
    ("a category of one entry that is none", ENTRIES, "    answer: 以", "    category: loans\n    answer: 以", "KB105 knowledge/payment.yaml:16:15"),
    ("a category taken away", INDUSTRY, "  - id: payment\n    name: 支付\n    children:\n      - {id: transfer, name: 转账}\n", "", "KB105 knowledge/payment.yaml:2:22"),
    ("no categories", INDUSTRY, "  - {id: account, name: 账户}\n  - id: payment\n    name: 支付\n    children:\n      - {id: transfer, name: 转账}\n", "  []\n", "KB106 knowledge/industry.yaml:3:3"),
    ("a category in Chinese", INDUSTRY, "id: account", "id: 账户", "KB106 knowledge/industry.yaml:3:10"),
    ("a category that begins with a digit", INDUSTRY, "id: account", "id: 2account", "KB106 knowledge/industry.yaml:3:10"),
    ("a category named as a folder is", INDUSTRY, "id: account", "id: tests", "KB106 knowledge/industry.yaml:3:10"),
    ("one id for two categories", INDUSTRY, "id: transfer", "id: account", "KB106 knowledge/industry.yaml:7:14"),
    ("a category without a name", INDUSTRY, ", name: 账户", "", "KB010 knowledge/industry.yaml:3:5"),
    ("a category of a long name", INDUSTRY, "name: 账户", "name: 账户账户账户账户账户账户账户账户账户账户账户", "KB015 knowledge/industry.yaml:3:25"),
    ("a rival in two groups", INDUSTRY, "[登录密码", "[花呗！", "KB107 knowledge/industry.yaml:10:6"),
    ("a rival in traditional characters, again", INDUSTRY, "[登录密码, [支付密码, 交易密码]]", "[支付密码, [交易密码, 支付密碼]]", "KB107 knowledge/industry.yaml:10:19"),
    ("a rival that is a brand", INDUSTRY, "微信", "借 呗", "KB107 knowledge/industry.yaml:11:10"),
    ("a word that is its own opposite", INDUSTRY, "[关闭, 注销]", "[关闭, 开通]", "KB107 knowledge/industry.yaml:13:29"),
    ("a full-width word, again", INDUSTRY, "[的, 了]", "[app, ＡＰＰ]", "KB107 knowledge/industry.yaml:17:19"),
    ("a word replaced twice", INDUSTRY, "如何", "乜", "KB107 knowledge/industry.yaml:23:15"),
    ("a group of one rival", INDUSTRY, "[花呗, 借呗]", "[花呗]", "KB108 knowledge/industry.yaml:9:5"),
    ("a rival without names", INDUSTRY, "[支付密码, 交易密码]", "[]", "KB108 knowledge/industry.yaml:10:12"),
    ("an act without an opposite", INDUSTRY, "[关闭, 注销]", "[]", "KB108 knowledge/industry.yaml:13:24"),
    ("a kind of questions without words", INDUSTRY, "words: [怎么]", "words: []", "KB108 knowledge/industry.yaml:15:22"),
    ("nothing to replace", INDUSTRY, "[咋, 如何]", "[]", "KB108 knowledge/industry.yaml:23:11"),
    ("a word of punctuation", INDUSTRY, "[的, 了]", "[的, ！]", "KB109 knowledge/industry.yaml:17:17"),
    ("commas of Chinese", INDUSTRY, "[的, 了]", "[的，了]", "KB114 knowledge/industry.yaml:17:14"),
    ("quotes of Chinese", INDUSTRY, "[的, 了]", "[的, “了”]", "KB114 knowledge/industry.yaml:17:17"),
    ("a rival of one character", INDUSTRY, "花呗", "花！", "KB015 knowledge/industry.yaml:9:6"),
    ("a long word", INDUSTRY, "差不多", "差不多差不多差不多差不多差不多差不多差不多差不多差不多差不多差不多差不多差不多差不多", "KB015 knowledge/industry.yaml:19:15"),
    ("a number for a word", INDUSTRY, "[的, 了]", "[的, 12378]", "KB013 knowledge/industry.yaml:17:17"),
    ("a kind of questions in Chinese", INDUSTRY, "id: how,", "id: 怎么,", "KB111 knowledge/industry.yaml:15:10"),
    ("one id for two kinds of questions", INDUSTRY, "id: why, over: [how]", "id: how", "KB111 knowledge/industry.yaml:16:10"),
    ("a kind over none", INDUSTRY, "over: [how]", "over: [hwo]", "KB111 knowledge/industry.yaml:16:22"),
    ("a kind over itself", INDUSTRY, "over: [how]", "over: [why]", "KB111 knowledge/industry.yaml:16:22"),
    ("two kinds over each other", INDUSTRY, "id: how,", "id: how, over: [why],", "KB111 knowledge/industry.yaml:15:22 | KB111 knowledge/industry.yaml:16:22"),
    ("a longer word after one in it", INDUSTRY, "[乜嘢, 乜]", "[乜, 乜嘢]", "KB112 knowledge/industry.yaml:21:15"),
    ("a word of same with one of a dialect in it", INDUSTRY, "如何", "做乜", "KB112 knowledge/industry.yaml:23:15"),
    ("a word that stands for itself", INDUSTRY, "means: 怎么", "means: 咋", "KB112 knowledge/industry.yaml:23:12"),
    ("half of the questions in English", ENTRIES, "question: 提现多久到账\n    similar:\n      - 提现要几天", "question: how long does it take\n    similar:\n      - when do I get my money", ""),
    ("a product's name in Latin letters", ENTRIES, "question: 提现多久到账\n    similar:\n      - 提现要几天", "question: VIP Pro\n    similar:\n      - 什么是 VIP Pro", ""),
    ("questions in English", ENTRIES, "", ENGLISH, "KB113 knowledge/payment.yaml:5:15"),
];
