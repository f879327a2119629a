//! The one table of what can be wrong in the files: code, severity, title and page.
//!
//! A code is never given to another mistake; a new mistake gets the next number.
//! `docs/diagnostics.md` is written from this table by a test.

use super::Severity;

macro_rules! codes {
    ($($name:ident $code:literal $severity:ident $title:literal
        means $meaning:literal example $example:literal mend $mend:literal)*) => {
        /// What is wrong: one line of the table behind `docs/diagnostics.md`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Code {
            $(#[doc = $title] $name,)*
        }

        impl Code {
            /// Every code, in the order of their numbers.
            pub const ALL: &[Code] = &[$(Code::$name),*];

            /// Such as `KB012`; never changes its meaning.
            pub fn as_str(self) -> &'static str {
                match self { $(Code::$name => $code),* }
            }

            /// Whether it keeps the knowledge base from being served.
            pub fn severity(self) -> Severity {
                match self { $(Code::$name => Severity::$severity),* }
            }

            /// In a few words, Chinese.
            pub fn title(self) -> &'static str {
                match self { $(Code::$name => $title),* }
            }

            /// Its section of `docs/diagnostics.md`: Chinese Markdown with meaning, example
            /// and mend.
            pub fn page(self) -> String {
                let (meaning, example, mend) = match self {
                    $(Code::$name => ($meaning, $example, $mend)),*
                };
                format!(
                    "## {} {}\n\n级别：{}\n\n{meaning}\n\n例：\n\n```yaml\n{example}\n```\n\n改法：{mend}\n",
                    self.as_str(),
                    self.title(),
                    self.severity().word(),
                )
            }
        }
    };
}

codes! {
    NotUtf8 "KB001" Error "文件不是 UTF-8 编码"
        means "文件里有不能按 UTF-8 读出的字节，常见于用记事本“ANSI”（GBK）或 UTF-16 保存的文件。整个文件都没有读。"
        example "# 一个以 GBK 保存的文件"
        mend "用编辑器“另存为”，编码选 UTF-8（无 BOM）。"
    ByteOrderMark "KB002" Warning "文件开头有 BOM"
        means "文件开头有一个看不见的字节顺序标记（U+FEFF）。内容照常读取，但它会让逐字节比较和其他工具出错。"
        example "# 第一个字节之前有 EF BB BF\nversion: 1"
        mend "另存为 UTF-8（无 BOM）。"
    TooLarge "KB003" Error "超出大小或层数限制"
        means "单个文件最多 8 MB，全部条目最多 20,000 个，嵌套最多 16 层，最多列出 2,000 条诊断。限制是为了让检查总能很快结束。"
        example "entries: [[[[[[[[[[[[[[[[[[ x ]]]]]]]]]]]]]]]]]]"
        mend "把文件拆小；不要写多余的嵌套。"
    Tab "KB004" Error "用制表符缩进"
        means "YAML 只能用空格缩进。"
        example "policy:\n\twelcome: 您好"
        mend "把制表符换成空格，每层 2 个。"
    Syntax "KB005" Error "YAML 写法有误"
        means "文件不能按 YAML 读下去。这个文件里后面的内容没有检查，改好后请再检查一次。"
        example "question: 提现: 多久到账"
        mend "文字里有“: ”“ #”，或以 @ ` % & * ! | > 开头时，整句用英文引号括起来；再看缩进是否对齐、引号和括号是否成对。"
    FullWidthColon "KB006" Error "用了全角冒号"
        means "键和值之间必须是英文冒号加一个空格，这里是中文的全角冒号。"
        example "question：提现多久到账"
        mend "改成英文冒号加空格，例如 question: 提现多久到账。"
    AnchorOrTag "KB007" Error "用了锚点、别名或标签"
        means "知识文件里不用 YAML 的锚点（&名）、别名（*名）和标签（!名）。以这些符号开头的文字会被误认。"
        example "similar:\n  - *重要* 提现多久"
        mend "要的是文字，就用英文引号把整句括起来；要的是引用，就把内容写全。"
    DuplicateKey "KB008" Error "同一个键写了两次"
        means "同一组里的键只能出现一次，否则不知道以哪个为准。"
        example "question: 提现多久到账\nquestion: 提现要几天"
        mend "删掉其中一个；多个问法写在 similar 里。"
    UnknownKey "KB009" Error "不认识的键"
        means "这里没有这个键。多半是拼写错误或放错了层。"
        example "anwser: 请看提现页面"
        mend "改成提示里的键名，或删掉它。"
    MissingKey "KB010" Error "缺少必填的内容"
        means "少了一个必填的键，或者键后面没有内容。"
        example "- id: payment.withdraw.arrival\n  answer: 请看提现页面"
        mend "补上这个键和它的内容；条目的 category、class、checked、review_due 也可以写在文件开头的 defaults 里。"
    WrongKind "KB011" Error "内容的种类不对"
        means "这里该是文字、列表、一组“键: 值”、数字、true/false 中的一种，写成了另一种。"
        example "similar: 提现几天到"
        mend "按提示改写；列表每行以“- ”开头。"
    SameQuestion "KB012" Error "同一句问法属于两处"
        means "去掉标点、空格、大小写之后相同的一句问法，出现在两个条目或意图里，机器人无法确定答哪一个。"
        example "- id: payment.withdraw.arrival\n  question: 提现要多久\n- id: payment.withdraw.fee\n  question: 提现要多久？"
        mend "删掉其中一处，或把它们改得不同。"
    NotText "KB013" Error "文字会被读成别的"
        means "这里要的是文字，但不加引号的写法会被 YAML 读成数字、日期、真假或空值。"
        example "tags: [12378, no]"
        mend "加英文引号，例如 [\"12378\", \"no\"]。"
    OutOfRange "KB014" Error "值不在允许的范围内"
        means "数字超出范围，或者不是可选的几个值之一。"
        example "handoff: always"
        mend "改成提示里列出的值或范围。"
    Length "KB015" Error "长度不合要求"
        means "问法 2 至 60 字，答案 1 至 1000 字，其他文字见提示；问法必须写在一行里。"
        example "question: 提"
        mend "写得完整些或简短些；长答案可以拆成几个条目，用 follow_ups 连起来。"
    BadId "KB016" Error "编号的写法不对"
        means "编号由小写字母、数字、下划线组成的词用英文句点连接，至少两个词，例如 payment.withdraw.arrival。"
        example "id: 提现.到账"
        mend "改成这样的编号；上线后不要再改，会话记录按它引用。"
    DuplicateId "KB017" Error "编号重复"
        means "两个条目（或两个意图）用了同一个编号。"
        example "- id: payment.withdraw.fee\n- id: payment.withdraw.fee"
        mend "给其中一个换一个编号。"
    UnknownId "KB018" Error "引用的条目不存在"
        means "follow_ups、hot_questions 或意图的 answer 里写的编号，没有哪个条目是它。"
        example "follow_ups: [payment.withdraw.fees]"
        mend "改成存在的条目编号，或删掉它。"
    UnknownVariable "KB019" Error "变量没有定义"
        means "{{名字}} 在 knowledge/variables.yaml 里没有，客户会看到空白。"
        example "answer: 客服电话 {{hotlin}}"
        mend "改成已有的变量名，或在 knowledge/variables.yaml 里加上它。"
    BadVariable "KB020" Error "变量的写法不对"
        means "变量写成 {{名字}}：两个英文花括号，中间是小写字母、数字、下划线，没有空格。问法里不能有变量。"
        example "answer: 客服电话 {{ hotline }"
        mend "改成 {{hotline}} 这样的写法。"
    Markdown "KB021" Error "Markdown 超出允许的范围"
        means "答案只能用：段落、**加粗**、以“- ”或“1. ”开头的一层列表、[文字](链接)。其他写法不会显示成你想的样子。"
        example "answer: |\n  # 提现\n  <b>先看</b>进度"
        mend "改用允许的写法。"
    Link "KB022" Error "不允许的链接"
        means "链接只能是 https:// 或 tel: 开头的完整地址。"
        example "answer: 请看 [帮助](http://example.com)"
        mend "改成 https:// 地址或 tel: 电话。"
    Date "KB023" Error "日期不对"
        means "日期写成 2026-11-22 这样，必须真实存在；开始不能晚于结束。"
        example "checked: 2026-02-30"
        mend "改成正确的日期。"
    UnknownClass "KB024" Error "合规类别不存在"
        means "class 必须是 knowledge/compliance.yaml 里 classes 下的一个。"
        example "class: investment"
        mend "改成已有的类别，或在 knowledge/compliance.yaml 里加上它。"
    Hours "KB025" Error "工作时间不对"
        means "时段写成 \"09:00-21:00\"，结束晚于开始，最晚 \"24:00\"，同一天的时段不能重叠，同一日期不能写两次。"
        example "week:\n  mon: [\"09:00-12:00\", \"11:00-18:00\"]"
        mend "改成不重叠的时段；跨夜的拆成两天：\"22:00-24:00\" 和次日 \"00:00-06:00\"。"
    TimeZone "KB026" Error "时区不认识"
        means "time_zone 要写 IANA 时区名。"
        example "time_zone: 北京时间"
        mend "中国大陆写 Asia/Shanghai。"
    Pattern "KB027" Error "正则不能用"
        means "patterns 里的正则写错了、太大、用了不支持的前后查找，或者能匹配任何话（例如整个都可有可无）。"
        example "patterns: ['(转|找)?(人工)?']"
        mend "改正写法；长的“或”可以拆成几行；至少要有一个必须出现的字。"
    ReviewDue "KB028" Warning "该复核了"
        means "条目的 review_due 已经过了。照常提供服务，但内容可能已经过时。"
        example "review_due: 2026-05-22"
        mend "重新核对来源，更新 checked 和 review_due。"
    MissingFile "KB029" Error "缺少必需的文件"
        means "knowledge/variables.yaml、knowledge/compliance.yaml、knowledge/hours.yaml、intents/policy.yaml 必须都有。"
        example "# 没有 intents/policy.yaml"
        mend "补上这个文件；可以用 kefu init 写出一份样例来对照。"
    Version "KB030" Error "格式版本不对"
        means "每个 YAML 文件都要有 version: 1。"
        example "version: 2"
        mend "写 version: 1。"
    Repeated "KB031" Error "同一处写了两遍"
        means "同一个条目里两句问法去掉标点、空格、大小写后相同，或者列表里同一项出现两次。"
        example "question: 提现多久到账\nsimilar:\n  - 提现多久到账？"
        mend "删掉重复的一项，或换一种真正不同的说法。"
    EmptyQuestion "KB032" Error "问法里没有可以匹配的字"
        means "去掉标点、空格和表情之后什么也不剩。"
        example "similar:\n  - ？？？"
        mend "写出客户会说的话，或删掉这一行。"
    DictionaryLine "KB033" Error "词典的一行不对"
        means "dict.txt 每行一个词，可以再加一个空格和词频（1 至 1000000）；# 开头是注释。词里不能有空格和标点。"
        example "# dict.txt\n# 余额宝 很多"
        mend "改成 余额宝 或 余额宝 2000。"
    NotOwnQuestion "KB034" Error "not 与自己的问法相同"
        means "not 写的是不该找到这个条目的话，却和它自己的问法相同。"
        example "question: 充值多久到账\nnot:\n  - 充值多久到账"
        mend "删掉其中一处。"
    NotServed "KB035" Warning "引用的条目没有上线"
        means "引用的条目是 draft 或 retired，客户看不到它。"
        example "follow_ups: [payment.withdraw.fee]   # 它的 status 是 draft"
        mend "让那个条目上线，或去掉这个引用。"
    UnreadFile "KB036" Warning "这个文件不会被读取"
        means "只读取 knowledge/ 和 knowledge/<一层子目录>/ 下的 *.yaml、knowledge/dict.txt、intents/ 下的 *.yaml；扩展名必须是小写的 .yaml。"
        example "# knowledge/withdraw.yml"
        mend "改名或移到正确的位置；不需要就移走。"
    NoEntries "KB037" Error "没有任何条目"
        means "所有文件里一个条目也没有，机器人什么也答不了。"
        example "version: 1\nentries: []"
        mend "至少写一个条目。"
    HiddenCharacter "KB038" Error "文字里有看不见的字符"
        means "有控制字符、零宽字符或改变文字方向的字符，多半是从网页或聊天里粘贴来的，会让人看到的和实际的不一样。"
        example "question: \"提现\\u200b多久到账\""
        mend "删掉这一处重新输入。"
    IdlePattern "KB039" Warning "正则里有不会出现的字符"
        means "正则匹配的是规范化之后的话：没有空格和标点，字母是小写，繁体已变简体。写了这些字符的部分永远匹配不上。"
        example "patterns: ['^转 人工$', 'VIP']"
        mend "去掉空格和标点，字母用小写，汉字用简体。"
    QuestionLine "KB040" Error "JSONL 的一行不对"
        means "eval --knowledge 的 .jsonl 每行是一个对象：id、question 是文字，similar（可省略）是文字的列表，id 不重复。"
        example "# {\"id\": 7, \"question\": \"提现多久\"}"
        mend "改正这一行。"
    RepeatedInFile "KB041" Warning "JSONL 里的问法重复"
        means "评测用的 .jsonl 里同一句问法属于两个 id，只留下先出现的一处。"
        example "# {\"id\":\"a\",\"question\":\"提现多久\"} 与 {\"id\":\"b\",\"question\":\"提现多久？\"}"
        mend "合并这两个 id，或删掉其中一句。"
}
