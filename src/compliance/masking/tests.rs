//! What masking finds and what it leaves, by kind.

use proptest::prelude::*;

use super::{
    DeclaredId, DeclaredIds, MaskContext, Masker, MaskingPolicy, PersonalData, Treatment, mask,
};

#[test]
fn tags_are_no_words_of_the_customer() {
    let cases = [
        ("a secret", "密码是abc12345，怎么办", "密码是，怎么办"),
        ("a phone", "13800138000，请回电", "，请回电"),
        ("brackets of one's own", "[图片]怎么办[", "[图片]怎么办["),
        ("… with dots", "[怎么还款…]", "[怎么还款…]"),
        ("nothing", "提现多久到账", "提现多久到账"),
    ];
    for (shows, text, expected) in cases {
        assert_eq!(mask(text).without_tags(), expected, "{shows}");
    }
}

#[test]
fn what_is_personal_goes() {
    let cases = [
        // (what it shows, text, expected)
        ("phone", "我手机13800138000", "我手机[手机号…8000]"),
        ("phone, spaced", "打138 0013 8000找我", "打[手机号…8000]找我"),
        ("phone, dashes", "138-0013-8000", "[手机号…8000]"),
        ("phone, other groups", "1380-0138-000", "[手机号…8000]"),
        ("phone, points", "138.0013.8000", "[手机号…8000]"),
        ("phone, one by one", "1,3,8,0,0,1,3,8,0,0,0", "[手机号…8000]"),
        ("phone, stars", "138*0013*8000", "[手机号…8000]"),
        ("phone, full width", "１３８００１３８０００", "[手机号…8000]"),
        ("phone, hidden characters", "138\u{200b}0013\u{ad}8000", "[手机号…8000]"),
        ("phone, key caps", "1️⃣3️⃣8️⃣0️⃣0️⃣1️⃣3️⃣8️⃣0️⃣0️⃣0️⃣", "[手机号…8000]"),
        ("phone, circled", "❶❸❽00①③⑧000", "[手机号…8000]"),
        ("phone, Chinese", "幺三八零零幺三八零零零一直打不通", "[手机号…8000]一直打不通"),
        ("phone, mixed", "一三八00138〇〇〇", "[手机号…8000]"),
        ("phone, country", "+86 138-0013-8000", "+[手机号…8000]"),
        ("phone, country at once", "8613800138000", "[手机号…8000]"),
        ("phone between letters", "wx13800138000vx同号", "wx[手机号…8000]vx同号"),
        ("phone, brackets", "(138)0013-8000", "([手机号…8000]"),
        ("phone in a name", "微信号abc13800138000", "微信号abc[手机号…8000]"),
        ("account", "账号1001234567890123456", "账号[银行账号…3456]"),
        ("two phones", "13800138000/13900139000", "[手机号…8000]/[手机号…9000]"),
        ("two phones, a space", "13800138000 13900139000", "[手机号…8000] [手机号…9000]"),
        ("phone and code", "验证码发到13800138000没有收到", "验证码发到[手机号…8000]没有收到"),
        ("phone after a question", "密码忘了，手机号13800138000", "密码忘了，手机号[手机号…8000]"),
        ("ID", "身份证440524188001010014", "身份证[身份证号…0014]"),
        ("ID with x", "11010519491231002x", "[身份证号…002X]"),
        ("ID with full-width X", "110105 19491231 002Ｘ。", "[身份证号…002X]。"),
        ("ID, groups", "4405-2418-8001-0100-14", "[身份证号…0014]"),
        ("ID with a slip, called so", "身份证号是440524188001010015", "身份证号是[身份证号…0015]"),
        ("old ID, called so", "身份证号110105491231002", "身份证号[身份证号…1002]"),
        ("card", "6222021234567890128", "[银行卡…0128]"),
        ("card, fours", "卡6222 0212 3456 7890 128", "卡[银行卡…0128]"),
        ("card, Visa", "4111-1111-1111-1111", "[银行卡…1111]"),
        ("card, mixed", "六二二八480402564890018", "[银行卡…0018]"),
        ("card without check digit", "银行卡号：6222021234567890123", "银行卡号：[银行卡…0123]"),
        ("card and amount", "卡4111111111111111转500元", "卡[银行卡…1111]转500元"),
        (
            "all at once",
            "卡号6222021234567890128密码123456手机13800138000",
            "卡号[银行卡…0128]密码[密码已删除]手机[手机号…8000]",
        ),
    ];
    for (shows, text, expected) in cases {
        assert_eq!(mask(text).text(), expected, "{shows}");
    }
}

#[test]
fn what_is_secret_is_destroyed() {
    let cases = [
        ("password", "密码123456", "密码[密码已删除]"),
        ("said", "我的登录密码是：888888，帮我看看", "我的登录密码是：[密码已删除]，帮我看看"),
        ("Traditional", "密碼是123456", "密碼是[密码已删除]"),
        ("word taken apart", "密 码 1 2 3 4 5 6", "密 码 [密码已删除]"),
        ("hidden characters", "密\u{200b}码12\u{200b}34\u{200b}56", "密\u{200b}码[密码已删除]"),
        ("full width", "支付密码＝１２３４５６", "支付密码＝[密码已删除]"),
        ("Chinese", "密码是一二三四五六", "密码是[密码已删除]"),
        ("in halves", "验证码 482 913", "验证码 [验证码已删除]"),
        ("a word with a numeral after it", "密码123456一直不对", "密码[密码已删除]一直不对"),
        ("points", "验证码4.8.2.9.1.3", "验证码[验证码已删除]"),
        ("scripts mixed", "验证码4八２91三", "验证码[验证码已删除]"),
        ("dashes", "验证码48-29-13", "验证码[验证码已删除]"),
        ("letters", "密码是Abc@1234！登不上", "密码是[密码已删除]登不上"),
        ("signs first", "密码是@abc123", "密码是[密码已删除]"),
        ("letters alone", "密码：qwertyui", "密码：[密码已删除]"),
        ("letters beside", "密码abc123，app打不开", "密码[密码已删除]，app打不开"),
        ("long", "密码是1234567890", "密码是[密码已删除]"),
        ("birthday", "密码是19900101", "密码是[密码已删除]"),
        ("phone as password", "密码是13800138000", "密码是[密码已删除]"),
        ("two", "密码是123456和654321", "密码是[密码已删除]和[密码已删除]"),
        ("corrected", "密码123456，不对，是654321", "密码[密码已删除]，不对，是[密码已删除]"),
        ("loose", "密码我记得123456", "密码我记得[密码已删除]"),
        ("English", "my Password is hunter22", "my Password is [密码已删除]"),
        ("PIN", "pin码1234", "pin码[密码已删除]"),
        ("code", "验证码482913", "验证码[验证码已删除]"),
        ("code of four", "短信验证码是4829", "短信验证码是[验证码已删除]"),
        ("code, told", "验证码收到了，是482913", "验证码收到了，是[验证码已删除]"),
        ("code with letters", "校验码：a8K2", "校验码：[验证码已删除]"),
        ("code of a token", "动态口令 482913", "动态口令 [验证码已删除]"),
        ("code, not a password", "动态密码482913", "动态密码[验证码已删除]"),
        ("code named after it", "482913是我收到的验证码", "[验证码已删除]是我收到的验证码"),
        (
            "code in the message",
            "【某某】验证码：482913，5分钟内有效",
            "【某某】验证码：[验证码已删除]，5分钟内有效",
        ),
        ("CVV", "cvv2 123", "cvv2 [安全码已删除]"),
        ("CVV码", "CVV 码是 123", "CVV 码是 [安全码已删除]"),
        ("part of a password", "取款密码后三位 123", "取款密码后三位 [密码已删除]"),
        ("security code", "安全码是 1234", "安全码是 [安全码已删除]"),
        ("back of the card", "卡背面后三位是123", "卡背面后三位是[安全码已删除]"),
        ("expiry", "卡有效期12/26，CVV:123", "卡有效期[有效期已删除]，CVV:[安全码已删除]"),
        ("expiry at once", "信用卡有效期1226", "信用卡有效期[有效期已删除]"),
    ];
    for (shows, text, expected) in cases {
        let masked = mask(text);
        assert_eq!(masked.text(), expected, "{shows}");
        assert!(masked.has_secret(), "{shows}");
    }
}

#[test]
fn questions_about_secrets_stay() {
    check_unchanged(&[
        "密码忘了怎么办",
        "验证码收不到",
        "6位验证码是什么",
        "密码是几位数",
        "密码必须是6-16位吗",
        "密码至少8位，要有字母",
        "验证码是4位还是6位",
        "登录密码输错5次被锁了",
        "密码输错3次会锁24小时吗",
        "验证码60秒还没收到",
        "验证码10分钟了还没来",
        "验证码 5分钟内有效吗",
        "验证码收不到，打95588有用吗",
        "忘记密码打12378能解决吗",
        "密码错误，提示代码1001",
        "修改密码要100元吗",
        "密码没问题却转走100000元",
        "密码锁定后转账5000被扣",
        "验证码是1069开头的号码发的吗",
        "95588是发验证码的吗",
        "验证码 10690 发的吗",
        "密码收不到，客服电话400-810-8888",
        "验证码 400-810-8888",
        "密码，2024年设置的",
        "密码是app里设置的吗",
        "支付密码 2024-11-23 改过",
        "验证码20241123收到的",
        "安全码在哪里看",
        "CVV是什么意思",
        "信用卡有效期是什么",
        "优惠券有效期12/26",
        "理财卡券有效期30天",
        "密码iphone15登录不上",
        "验证码收不到，基金110022还能买吗",
        "忘记密码了，工号100234帮我查",
        "密码 021-12345678 打过了",
        "shopping 1234",
        "验证码一直发到旧手机",
        "密码三次都输错",
        "验证码一会儿就过期",
        "动态口令 30 秒一变",
    ]);
}

#[test]
fn numbers_that_are_no_persons_stay() {
    check_unchanged(&[
        // Amounts.
        "余额1234567.89元",
        "借了50000元",
        "提现13800138000元",
        "13,800,138,000元",
        "还了1500 1600 180",
        "¥13800138000",
        "1500.00 1600.1",
        "年化3.65%",
        "1500，1600，180",
        "一万三千八百元",
        "分15 16 17 18 19 20期",
        // Dates and times.
        "2024-11-23 13:45:00",
        "20241123134500",
        "生日1990-01-01 123号",
        "2024年11月23日",
        "二〇二四年十一月",
        "2024.11.23 15.30",
        "1732345678901",
        // Orders and other codes.
        "订单号13800138000",
        "订单202411231380013800",
        "流水号4200001234202411231234567890",
        "合同编号 HT20241123000123",
        "DD13800138000",
        "IMEI 356938035643809",
        "信用代码91310000MA1FL0000X",
        "快递单号 SF1380013800012",
        "基金代码110022",
        "003003这只基金",
        "110022",
        // Hotlines, network addresses, versions.
        "12378",
        "95588",
        "96110",
        "400-810-8888",
        "021-12345678",
        "0755 8888 8888",
        "183.12.160.123",
        "v2.10.3",
        "尾号1234的卡",
        "后四位是8000",
    ]);
}

fn check_unchanged(texts: &[&str]) {
    for &text in texts {
        let masked = mask(text);
        assert_eq!((masked.text(), masked.found()), (text, &[][..]));
    }
}

#[test]
fn tags_are_left_as_they_are() {
    for text in
        ["密码[密码已删除]", "密码[银行卡…1234]", "[手机号…8000]的验证码", "[密码已删除] 2024年"]
    {
        assert_eq!(mask(text).text(), text);
    }
}

/// Texts full of the parts that the rules check.
fn texts() -> impl Strategy<Value = String> {
    let parts = prop::sample::select(vec![
        "密码",
        "验证码",
        "cvv",
        "有效期",
        "卡号",
        "身份证",
        "订单",
        "是",
        "：",
        "，",
        " ",
        "-",
        ".",
        "/",
        "\n",
        "我的",
        "和",
        "元",
        "次",
        "一",
        "零",
        "①",
        "⑩",
        "⑴",
        "1️⃣",
        "\u{200b}",
        "１",
        "13800138000",
        "123456",
        "6222021234567890128",
        "440524188001010014",
        "11010519491231002",
        "x",
        "abc123",
        "12/26",
        "123",
        "4",
        "[密码已删除]",
        "[手机号…8000]",
        "[",
        "]",
        "86",
        "+",
    ]);
    prop_oneof![
        any::<String>(),
        prop::collection::vec(parts, 0..16).prop_map(|parts| parts.concat()),
    ]
}

proptest! {
    #[test]
    fn masking_twice_is_masking_once(text in texts()) {
        let once = mask(&text);
        let twice = mask(once.text());
        prop_assert_eq!(twice.text(), once.text());
        prop_assert_eq!(twice.found(), &[]);
    }

    #[test]
    fn a_text_with_nothing_found_is_not_changed(text in texts()) {
        let masked = mask(&text);
        prop_assert_eq!(masked.found().is_empty(), masked.text() == text);
    }
}

/// Masks the messages of a conversation in turn. `客服：` begins a message of the agent.
fn conversation(messages: &[&str]) -> Vec<String> {
    let (masker, mut context) = (Masker::default(), MaskContext::default());
    let mut stored = Vec::new();
    for message in messages {
        let (is_agent, text) = match message.strip_prefix("客服：") {
            Some(text) => (true, text),
            None => (false, *message),
        };
        let kept = masker.mask(text, &context).into_text();
        if is_agent {
            context.agent_said(&kept);
        } else {
            context.customer_said(&kept);
        }
        stored.push(kept);
    }
    stored
}

#[test]
fn a_secret_is_told_by_the_message_before_it() {
    let cases: [(&str, &[&str], &[&str]); 12] = [
        (
            "a label, then the value",
            &["我的登录密码是", "Wang3648"],
            &["我的登录密码是", "[密码已删除]"],
        ),
        ("a bare label", &["CVV", "318"], &["CVV", "[安全码已删除]"]),
        ("a mark between", &["验证码：", "是 771024 吧"], &["验证码：", "是 [验证码已删除] 吧"]),
        (
            "a sentence between",
            &["刚才的验证码收到了", "等一下我看看", "640213"],
            &["刚才的验证码收到了", "等一下我看看", "[验证码已删除]"],
        ),
        (
            "an agent asks",
            &["客服：麻烦报一下短信里的验证码", "5 5 0 7 1 2"],
            &["麻烦报一下短信里的验证码", "[验证码已删除]"],
        ),
        (
            "an agent asks for a document",
            &["客服：请提供护照号码", "K9034421"],
            &["请提供护照号码", "[护照号…4421]"],
        ),
        (
            "an agent repeats it",
            &["客服：验证码是多少", "908172", "客服：908172对吗"],
            &["验证码是多少", "[验证码已删除]", "[验证码已删除]对吗"],
        ),
        (
            "card, month and digits without a word",
            &["6222021234567890128", "09/28", "417"],
            &["[银行卡…0128]", "[有效期已删除]", "[安全码已删除]"],
        ),
        (
            "a month is asked for",
            &["客服：卡的有效期呢", "1127"],
            &["卡的有效期呢", "[有效期已删除]"],
        ),
        (
            "the second half of a code",
            &["验证码是331", "902"],
            &["验证码是[验证码已删除]", "[验证码已删除]"],
        ),
        (
            "two digits at a time",
            &["验证码90", "31", "67"],
            &["验证码90", "[验证码2位已删除]", "[验证码2位已删除]"],
        ),
        ("Traditional", &["我嘅密碼係", "Kowloon88"], &["我嘅密碼係", "[密码已删除]"]),
    ];
    for (shows, messages, expected) in cases {
        assert_eq!(conversation(messages), expected, "{shows}");
    }
}

#[test]
fn a_number_over_several_messages_is_masked_from_where_it_can_be_known() {
    let cases: [(&str, &[&str], &[&str]); 9] = [
        (
            "a card with its label",
            &["卡号 62220212", "34567890", "128"],
            &["卡号 [银行卡8位已删除]", "[银行卡8位已删除]", "[银行卡3位已删除]"],
        ),
        (
            "a card by its first digits",
            &["62220212", "34567890128"],
            &["62220212", "[银行卡11位已删除]"],
        ),
        ("a phone in halves", &["1380013", "8000"], &["1380013", "[手机号4位已删除]"]),
        ("a phone in thirds", &["138", "0013", "8000"], &["138", "0013", "[手机号4位已删除]"]),
        (
            "an identity number in pieces",
            &["身份证440524", "18800101", "0014"],
            &["身份证[身份证号6位已删除]", "[身份证号8位已删除]", "[身份证号4位已删除]"],
        ),
        (
            "other talk between",
            &["我的卡号前面是622202", "等一下啊", "后面 1234567890128"],
            &["我的卡号前面是[银行卡6位已删除]", "等一下啊", "后面 [银行卡13位已删除]"],
        ),
        (
            "the end was missing",
            &["手机号13800138000", "打错了，后面是8001"],
            &["手机号[手机号…8000]", "打错了，后面是[手机号4位已删除]"],
        ),
        ("a passport", &["护照E1", "2345678"], &["护照E1", "[护照号7位已删除]"]),
        (
            "an account",
            &["对公账户是88120", "00934417702"],
            &["对公账户是88120", "[银行账号11位已删除]"],
        ),
    ];
    for (shows, messages, expected) in cases {
        assert_eq!(conversation(messages), expected, "{shows}");
    }
}

#[test]
fn what_is_not_personal_stays_in_a_conversation() {
    let cases: &[&[&str]] = &[
        &["验证码收不到", "110022这只基金呢"],
        &["验证码收不到", "提现了5000", "1500", "300"],
        &["密码忘了怎么办", "订单202611030017还没到"],
        &["客服：请问订单号是多少", "2026110300178845"],
        &["客服：提现金额是多少", "128800"],
        &["客服：哪天的交易", "1103"],
        &["客服：页面提示什么错误码", "E50312"],
        &["客服：您收到短信是几点", "1832"],
        &["客服：请勿把验证码告诉任何人", "5000到账了吗"],
        &["客服：优惠券的有效期是哪天", "12/31"],
        &["3512.77", "3498.02"],
        &["6200", "5800", "3000", "2800"],
        &["95588", "12378", "96110"],
        &["手机号换了", "客服400-810-8888打不通"],
        &["卡号输错了", "退款919542624305757760会退到哪"],
        &["借款合同到期是哪天", "上面写28年8月"],
        &["我在网点等验证码", "客服：您在几楼几室", "1806"],
        &["有效期", "我说的是券", "1130"],
        &["cvv2那里过不去", "客服：返回码多少", "051"],
        &["密码没问题，是005829赎回按钮灰的"],
        &["510310 159920 512890 三只都提示密码超时"],
        &["定投 000962 每周三 300 密码不用每次输吧"],
        &["密码改了，账单还是显示NT$12,480"],
        &["sold 2800.HK at 18.42 but the PIN page timed out"],
        &["输入卡号提示错误 PAY_ERR_40215"],
        &["交易密码输完弹个-1043"],
        &["支付密码输入后提示 E10087 请稍后再试"],
        &["发验证码的号码是95588对吧"],
        &["客服说CVV是背面三位，退我860要CVV是骗子吧"],
        &["这个保险有效期10/28到10/29就一天啊"],
        &["发票代码031002600411 发票号码48820937 抬头开错了"],
        &["电费户号是3300512773907，昨天交的200还没显示"],
        &["信用卡中心400-889-5556按9才能转人工"],
        &["账号", "显示异地登录 39.144.60.218"],
        &["優惠券12/31到期嗎"],
    ];
    for messages in cases {
        let typed: Vec<&str> =
            messages.iter().map(|text| text.strip_prefix("客服：").unwrap_or(text)).collect();
        assert_eq!(conversation(messages), typed);
    }
}

#[test]
fn the_nearest_and_strongest_label_wins() {
    let cases = [
        (
            "a check digit outweighs an order",
            "订单付款的卡6222021234567890128",
            "订单付款的卡[银行卡…0128]",
        ),
        ("… and an amount", "余额没变，6222021234567890128", "余额没变，[银行卡…0128]"),
        ("… and a word right before it", "金额6222021234567890128", "金额[银行卡…0128]"),
        ("… and the word of an order", "单号：6222021234567890128", "单号：[银行卡…0128]"),
        (
            "an identity number after an order",
            "订单实名440524188001010014",
            "订单实名[身份证号…0014]",
        ),
        ("the nearer word", "订单留的手机13800138000", "订单留的手机[手机号…8000]"),
        (
            "a comma ends an order's reach",
            "金额说不清，你打13800138000",
            "金额说不清，你打[手机号…8000]",
        ),
        ("an order is an order", "订单号13800138000", "订单号13800138000"),
        ("a label behind", "6222021234567890123 这是我的卡号", "[银行卡…0123] 这是我的卡号"),
        ("a code behind", "730518，验证码", "[验证码已删除]，验证码"),
        ("a code behind, said", "730518就是刚收到的验证码", "[验证码已删除]就是刚收到的验证码"),
    ];
    for (shows, text, expected) in cases {
        assert_eq!(mask(text).text(), expected, "{shows}");
    }
}

#[test]
fn labels_are_put_together_from_words() {
    let password = "[密码已删除]";
    let code = "[验证码已删除]";
    let cvv = "[安全码已删除]";
    let expiry = "[有效期已删除]";
    let cases = [
        ("码是260481", code),
        ("收到短信 548927", code),
        ("刚收到526931", code),
        ("短信那个数是 9037", code),
        ("code is 482913", code),
        ("verification code: 482913", code),
        ("yanzhengma 482913", code),
        ("研正马是158926", code),
        ("令牌上的数字是 119 862", code),
        ("mm是q83klp", password),
        ("pass: Tom4477", password),
        ("passcode 7715", password),
        ("pwdTom4477x", password),
        ("密码用的Wang3649", password),
        ("我一直用abc525957@登录的", password),
        ("密码忘了是不是zhang8885@", password),
        ("密码是芝麻开门88", password),
        ("密码是六个八", password),
        ("密码 W a n g 3 6 4 9", password),
        ("后三码 692", cvv),
        ("卡后面那三个数是785", cvv),
        ("信用卡背后的三位是488", cvv),
        ("签名栏里的三个数字 061", cvv),
        ("3 digits on the back r 529", cvv),
        ("信用卡09/30到期", expiry),
        ("VALID THRU 06/31", expiry),
        ("卡有效期到二八年九月", expiry),
        ("卡上的日期是 0829", expiry),
        ("收到 G-482914", code),
        ("刚把482914告诉那个人了", code),
        ("短信 482914也不行", code),
        ("0193←code", code),
        ("13800138000/Tom4477x", password),
        ("手势密码画的是 1-4-7-8-9", password),
        ("卡背面拐洞勾", cvv),
        ("my card expires March 2030", expiry),
        ("邮箱验证的字符串是 HX4T9P，验证码填不进去", code),
    ];
    for (text, tag) in cases {
        let masked = mask(text);
        assert!(masked.text().contains(tag), "{text} → {}", masked.text());
        assert!(masked.has_secret(), "{text}");
    }
}

#[test]
fn numbers_are_read_in_all_spellings() {
    let cases = [
        ("a line end in it", "卡号6222 0212\n3456 7890 128", "卡号[银行卡…0128]"),
        ("letters before it", "ICBC6222021234567890128", "ICBC[银行卡…0128]"),
        ("commas in an identity number", "身份证440524，18800101，0014", "身份证[身份证号…0014]"),
        ("a zero before a mobile", "电话013514222311", "电话[手机号…2311]"),
        ("spoken digits", "电话幺三五幺四两两两三幺幺", "电话[手机号…2311]"),
        ("spoken digits of a code", "验证码洞两拐勾三五", "验证码[验证码已删除]"),
        ("Arabic-Indic", "手机١٣٨٠٠١٣٨٠٠٠", "手机[手机号…8000]"),
        ("Thai", "验证码๔๘๒๙๑๓", "验证码[验证码已删除]"),
        ("English words", "my otp is seven zero eight one five three", "my otp is [验证码已删除]"),
        ("pinyin words", "mima shi yi er san si wu liu", "mima shi [密码已删除]"),
        ("letters for digits", "手机138OO138OOO", "手机[手机号…8000]"),
        ("words between", "手机138 然后 0013 然后 8000", "手机[手机号…8000]"),
        ("Mastercard's series 2", "2223003122003222", "[银行卡…3222]"),
        ("Diners", "卡36148900647913", "卡[银行卡…7913]"),
    ];
    for (shows, text, expected) in cases {
        assert_eq!(mask(text).text(), expected, "{shows}");
    }
}

#[test]
fn all_classes_are_found() {
    let cases = [
        ("Hong Kong", "香港身份證 A123456(3)", "香港身份證 [香港身份证…4563]"),
        ("Hong Kong, bare", "我的是G123456(A)", "我的是[香港身份证…456A]"),
        ("Macau", "澳門身份證1/234567/8", "澳門身份證[澳门身份证…5678]"),
        ("Taiwan", "身分證字號A123456789", "身分證字號[台湾身份证…6789]"),
        ("a passport", "护照E12345678过期了", "护照[护照号…5678]过期了"),
        ("a new passport", "EJ1234567是护照", "[护照号…4567]是护照"),
        ("home return permit", "回乡证H12345678", "回乡证[通行证号…5678]"),
        ("permit for Taiwan residents", "台胞证12345678", "台胞证[通行证号…5678]"),
        ("e-mail", "发到zhang.san88@qq.com吧", "发到[邮箱已删除]吧"),
        ("e-mail in words", "邮箱 lisi at 163 dot com", "邮箱 [邮箱已删除]"),
        ("a firm's e-mail", "service@example.com 是你们的吗", "service@example.com 是你们的吗"),
        ("landline", "我家座机0571-87654321", "我家座机[座机…4321]"),
        ("a firm's landline", "你们客服021-38784988没人接", "你们客服021-38784988没人接"),
        ("Hong Kong phone", "whatsapp +852 9123 4567", "whatsapp +[港澳电话…4567]"),
        ("Taiwan phone", "手機0912-345-678", "手機[台湾电话…5678]"),
        ("foreign phone", "call me +44 7700 900123", "call me [境外电话…0123]"),
        ("account", "对公账户 4401 0922 0100 1234", "对公账户 [银行账号…1234]"),
        ("IBAN", "GB82 WEST 1234 5698 7654 32", "[国际账号…5432]"),
        ("track data", ";6222021234567890128=27121010000?", "[磁道数据已删除]"),
    ];
    for (shows, text, expected) in cases {
        assert_eq!(mask(text).text(), expected, "{shows}");
    }
}

#[test]
fn places_are_flagged() {
    let cases = [
        ("a plate", "我的车沪A12345", PersonalData::Plate),
        ("an address", "寄到文三路90号8栋301室", PersonalData::Address),
    ];
    for (shows, text, data) in cases {
        let masked = mask(text);
        assert_eq!((masked.text(), masked.flagged()), (text, &[data][..]), "{shows}");
        assert!(masked.found().is_empty(), "{shows}");
    }
}

#[test]
fn the_policy_says_what_is_done_with_a_class() {
    let cases = [
        (Treatment::LastFour, "手机[手机号…8000]", 0),
        (Treatment::Destroy, "手机[手机号已删除]", 0),
        (Treatment::Flag, "手机13800138000", 1),
        (Treatment::Keep, "手机13800138000", 0),
    ];
    for (treatment, expected, flagged) in cases {
        let policy = MaskingPolicy::new([(PersonalData::Phone, treatment)]).unwrap();
        let masker = Masker { policy, ..Masker::default() };
        let found = masker.mask("手机13800138000", &MaskContext::default());
        assert_eq!((found.text(), found.flagged().len()), (expected, flagged), "{treatment:?}");
    }
}

#[test]
fn a_number_of_the_operator_stays() {
    let id = |prefixes: &[&str], length| DeclaredId {
        id: "order".to_owned(),
        name: "订单号".to_owned(),
        prefixes: prefixes.iter().map(|&prefix| prefix.to_owned()).collect(),
        length,
    };
    let masker = Masker {
        ids: DeclaredIds::new(vec![id(&["622202"], (19, 19)), id(&["KF"], (12, 20))]),
        ..Masker::default()
    };
    let cases = [
        ("a card's form", "6222021234567890128", "6222021234567890128"),
        ("in groups", "6222 0212 3456 7890 128", "6222 0212 3456 7890 128"),
        ("another card", "4111111111111111", "[银行卡…1111]"),
        ("with letters", "KF13800138000", "KF13800138000"),
        ("too long", "62220212345678901284111111111111111", "62220212345678901284111111111111111"),
        ("as a password", "密码是6222021234567890128", "密码是[密码已删除]"),
        ("as a code", "验证码KF8812345678", "验证码KF8812345678"),
    ];
    for (shows, text, expected) in cases {
        assert_eq!(masker.mask(text, &MaskContext::default()).text(), expected, "{shows}");
    }
}

#[test]
fn a_secret_is_destroyed_whatever_is_declared() {
    let id = DeclaredId {
        id: "order".to_owned(),
        name: "订单号".to_owned(),
        prefixes: vec!["12".to_owned()],
        length: (6, 6),
    };
    let masker = Masker { ids: DeclaredIds::new(vec![id]), ..Masker::default() };
    for (text, expected) in [
        ("密码是126378", "密码是[密码已删除]"),
        ("验证码 126378", "验证码 [验证码已删除]"),
        ("126378是验证码", "[验证码已删除]是验证码"),
        ("126378到哪了", "126378到哪了"),
    ] {
        assert_eq!(masker.mask(text, &MaskContext::default()).text(), expected);
    }
}

#[test]
fn a_part_of_a_number_is_treated_as_its_class() {
    let policy = MaskingPolicy::new([(PersonalData::Card, Treatment::Keep)]).unwrap();
    let masker = Masker { policy, ..Masker::default() };
    let kept = masker.mask("卡号62220212", &MaskContext::default());
    assert_eq!(kept.text(), "卡号62220212");
}

#[test]
fn long_texts_of_one_pattern_are_masked_at_all() {
    for pattern in
        ["+1 ", "一", "1 ", "01/28 ", "o1", "号码", "验证码12 ", "A1B2-", "[手机号…8000]"]
    {
        let text = pattern.repeat(500 / pattern.chars().count());
        let masked = mask(&text);
        assert_eq!(mask(masked.text()).text(), masked.text(), "{pattern}");
    }
}

#[test]
fn a_context_forgets() {
    let mut context = MaskContext::default();
    context.agent_said("请报一下验证码和身份证号");
    context.customer_said("我的密码是");
    assert_ne!(context, MaskContext::default());
    for _ in 0..MaskContext::MESSAGES {
        context.customer_said("好的");
    }
    assert_eq!(context, MaskContext::default());
}

#[test]
fn what_is_typed_shows_in_no_log() {
    let typed = super::TypedText::from("密码是Wang3648");
    let mut context = MaskContext::default();
    context.customer_said("卡号6222");
    for shown in
        [format!("{typed:?}"), format!("{:?}", mask("密码是Wang3648")), format!("{context:?}")]
    {
        assert!(!shown.contains("Wang") && !shown.contains("6222"), "{shown}");
    }
}
