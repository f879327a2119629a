//! The words around a number that tell its kind.

use std::sync::LazyLock;

use super::cells::{Cell, last};
use super::lexicon::LabelLexicon;
use super::personal_data::SecretKind;

/// The kind of a number by the nearest label before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Label {
    Card,
    IdNumber,
    Phone,
    /// An order, a contract or another number that is not personal.
    Order,
    Amount,
}

/// The role of a small word between a label and its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Binder {
    /// It introduces the value.
    Says,
    /// It only connects.
    Binds,
}

impl Label {
    /// The nearest label before a number, at most [`LABEL_REACH`] cells away.
    pub(super) fn before(before: &[Cell]) -> Option<Label> {
        let mut near = last(before, LABEL_REACH);
        loop {
            let (last, shorter) = near.split_last()?;
            if last.tag.is_some() || matches!(last.c, '。' | '!' | '?' | ';' | '\n') {
                return None;
            }
            if let Some((label, _)) = LABELS.at_end(near) {
                return Some(label);
            }
            near = shorter;
        }
    }
}

/// The longest distance of a label before a number, in cells.
const LABEL_REACH: usize = 12;

static LABELS: LazyLock<LabelLexicon<Label>> = LazyLock::new(|| {
    LabelLexicon::new(&[
        (
            Label::Order,
            "订单 单号 流水 流水号 交易号 编号 合同 合同号 快递 运单 凭证 凭证号 参考号 序列号 设备号 imei iccid
             工单 票号 发票 条码 批次 产品代码 基金代码 信用代码 order id号",
        ),
        (
            Label::Amount,
            "金额 余额 本金 额度 市值 资产 ¥ $ € £ 借了 还了 转了 充了 花了 买了 提现了",
        ),
        (Label::IdNumber, "身份证 身份证号 证件 证件号 身份号码"),
        (Label::Phone, "手机 手机号 电话 联系方式 联系 tel phone mobile 微信 致电"),
        (
            Label::Card,
            "卡号 银行卡 储蓄卡 信用卡 借记卡 工资卡 账号 帐号 账户 帐户 我的卡 这张卡 card",
        ),
    ])
});

/// Labels of secrets.
pub(super) static SECRETS: LazyLock<LabelLexicon<SecretKind>> = LazyLock::new(|| {
    LabelLexicon::new(&[
        (
            SecretKind::OneTimeCode,
            "验证码 校验码 动态码 短信码 确认码 认证码 授权码 动态密码 动态口令 短信密码 短信口令 一次性密码
             otp captcha yzm",
        ),
        (
            SecretKind::Cvv,
            "安全码 cvv cvv2 cvv码 cvc cvc2 cvc码 cvn cvn2 背面三位 背面后三位 背面末三位 背面的三位 背后三位
             背面最后三位",
        ),
        (SecretKind::Expiry, "有效期 有效期限 有效日期 到期日 expiry exp validthru"),
        (SecretKind::Password, "密码 口令 password passwd pwd pin pin码 mima"),
    ])
});

/// Words that may stand between the label of a secret and its value.
pub(super) static BINDERS: LazyLock<LabelLexicon<Binder>> = LazyLock::new(|| {
    LabelLexicon::new(&[
        (
            Binder::Says,
            "是 就是 为 即 : = 叫 设成 设为 设置成 设置为 设置的是 改成 改为 换成 填的是 输的是 输入的是 显示
             如下 -> => is shi",
        ),
        (
            Binder::Binds,
            ", . 。 、 ! ; ~ - – — ― … \" ' “ ” ‘ ’ ( ) [ ] 【 】 「 」 《 》 < > * #
             我 我的 你 您 这个 这 了 的 呢 哈 啊 吧 嗯 哦 有 收到 收到了 刚 刚刚 刚才 才 来了 到了 已 给你 给您
             发你 发您 发给你 发给您 告诉你 告诉您 报给你 填 输 输入 短信 内容 数字 数 值 号码 分别 都 和 跟 还有
             或 或者 现在 今天 新 还 应该 好像 可能 大概 后六位 后三位 后四位 前三位 前四位 code 身份证 生日 帮我 登录 登陆 试试 在这 在此 不对",
        ),
    ])
});

/// Words that may stand between a value and a label after it.
pub(super) static NAMING: LazyLock<LabelLexicon<Binder>> = LazyLock::new(|| {
    LabelLexicon::new(&[
        (Binder::Says, "是 就是 为 这是 这个 这个是 ("),
        (
            Binder::Binds,
            ", \" ” 这 那 我 我的 的 我收到的 收到的 刚 刚才 刚收到的 支付 登录 登陆 交易 取款 查询 网银
             银行卡 信用卡 短信 手机 新 app",
        ),
    ])
});

/// Words that tell that a number after the label of a secret is something else.
pub(super) static UNBINDING: LazyLock<LabelLexicon<()>> = LazyLock::new(|| {
    list(
        "不 没 忘 错 怎 吗 什么 多 次 打 拨 电话 客服 热线 代码 基金 单号 订单 编号 工号 金额 余额 元 转 扣 提现
         充值 还款 买 卖 日 时间 年 月 锁 尾号 末 花 借 贷 存 赎 投",
    )
});

/// Words after a number that make it a sum of money.
pub(super) static MONEY: LazyLock<LabelLexicon<()>> =
    LazyLock::new(|| list("元 块 圆 万 亿 千元 百元 美元 港币 人民币 rmb usd cny"));

/// Words after a number that make it a share or a count, regardless of the words before it.
pub(super) static COUNTS: LazyLock<LabelLexicon<()>> = LazyLock::new(|| list("次 秒 位 % 份 股"));

/// Words after a number that make it a measure, a time or a place.
pub(super) static UNITS: LazyLock<LabelLexicon<()>> = LazyLock::new(|| {
    list(
        "千 百 分钟 小时 天 日 月 年 个 期 笔 折 人 条 遍 点 开头 结尾 打头 号 字 多 几 岁 发来 发的 打来 客服
         热线",
    )
});

/// Letters that customers write directly before or after their own number.
pub(super) static NAMES: LazyLock<LabelLexicon<()>> =
    LazyLock::new(|| list("tel phone mobile mob call vx wx wechat v qq card no id is"));

/// Prefixes of names that mix letters and digits and are not passwords.
pub(super) static PRODUCTS: LazyLock<LabelLexicon<()>> = LazyLock::new(|| {
    list(
        "iphone ipad ios android huawei honor mate nova xiaomi redmi oppo vivo samsung harmonyos windows
         wechat alipay http https www app p2p face faceid touchid",
    )
});

/// Words that tell that a month belongs to a card.
pub(super) static CARD_WORDS: LazyLock<LabelLexicon<()>> =
    LazyLock::new(|| list("卡 cvv cvv2 cvc cvc2 安全码"));

/// Other things that expire and are often mentioned together with a card.
pub(super) static COUPON_WORDS: LazyLock<LabelLexicon<()>> =
    LazyLock::new(|| list("券 优惠 红包 活动 会员 身份证 证件 合同 产品 理财 积分"));

fn list(words: &'static str) -> LabelLexicon<()> {
    LabelLexicon::new(&[((), words)])
}
