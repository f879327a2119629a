//! The words around a value that tell its kind.

use std::sync::LazyLock;

use super::cells::{Cell, first, last, split_hints, trim_end};
use super::hint::Hint;
use super::label::Label;
use super::lexicon::LabelLexicon;
use super::personal_data::SecretKind;

/// The role of a small word between a label and its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Binder {
    /// It introduces the value.
    Says,
    /// It only connects.
    Binds,
}

impl Label {
    /// The nearest label before a number, at most [`LABEL_REACH`] cells away in its sentence. A word
    /// for something that is not personal must stand in the number's own clause.
    pub(super) fn before(before: &[Cell]) -> Option<Label> {
        let mut near = trim_end(before);
        let mut is_own_clause = true;
        let mut reach = LABEL_REACH;
        while reach > 0 {
            let (last, shorter) = near.split_last()?;
            if !last.is_char() || matches!(last.c, '。' | '!' | '?' | ';' | '\n') {
                return None;
            }
            if let Some(label) = Label::at_end(near) {
                return Some(label).filter(|label| is_own_clause || !label.is_impersonal());
            }
            is_own_clause &= !last.ends_clause() && !last.is_white_space();
            // A letter is half a character.
            reach = reach.saturating_sub(if last.c.is_ascii() { 1 } else { 2 });
            near = shorter;
        }
        None
    }

    /// The label that ends here.
    pub(super) fn at_end(cells: &[Cell]) -> Option<Label> {
        let Some((label, rest)) = LABELS.at_end(cells) else { return some_number(cells) };
        if label == Label::Document {
            return Some(Label::of_region(last(rest, 8)).unwrap_or(label));
        }
        if label != Label::Number {
            return Some(label);
        }
        // 台胞证号码 and 发票号码 are of their own kinds.
        let rest = NUMBER_SUFFIX.at_end(cells).map_or(rest, |((), rest)| rest);
        let Some((named, before)) = LABELS.at_end(trim_end(rest)) else { return Some(label) };
        let region = Label::of_region(last(before, 8)).filter(|_| named == Label::Document);
        Some(region.unwrap_or(named))
    }

    /// The identity card of the place that is named in these cells.
    fn of_region(cells: &[Cell]) -> Option<Label> {
        (0..cells.len()).find_map(|at| Some(REGIONS.at_start(cells.get(at..)?)?.0))
    }

    /// Whether it names something that is not personal.
    pub(super) fn is_impersonal(self) -> bool {
        matches!(self, Label::Order | Label::Amount)
    }

    /// The label after a number, as in 6222… 这是我的卡号.
    pub(super) fn after(after: &[Cell]) -> Option<Label> {
        let mut left = after;
        let (mut is_said, mut skipped) = (false, 0);
        for _ in 0..8 {
            if let Some((label, rest)) = LABELS.at_start(left) {
                if ends_there(rest) {
                    return Some(label);
                }
                left = rest;
                continue;
            }
            let (first, shorter) = left.split_first()?;
            left = match NAMING.at_start(left) {
                _ if first.is_white_space() => shorter,
                Some((binder, rest)) => {
                    is_said |= binder == Binder::Says;
                    rest
                }
                // The name of a bank may stand before the word: 是我恒生户口.
                None if is_said && skipped < 3 && first.is_char() && !first.is_separator() => {
                    skipped += 1;
                    shorter
                }
                None => return None,
            };
        }
        None
    }

    /// All labels of a text, in its order.
    pub(super) fn all(cells: &[Cell]) -> Vec<Label> {
        let mut found = Vec::new();
        let mut left = cells;
        while let Some((_, shorter)) = left.split_first() {
            left = match LABELS.at_start(left) {
                Some((label, after)) => {
                    found.push(label);
                    after
                }
                None => shorter,
            };
        }
        found
    }
}

/// 预约号, 排队号: the number of something that is none of the labels.
fn some_number(cells: &[Cell]) -> Option<Label> {
    let [.., before, last] = cells else { return None };
    let is_thing = last.c == '号' && before.is_char() && THINGS.contains(before.c);
    is_thing.then_some(Label::Order)
}

/// The last characters of things that have a number.
const THINGS: &str = "约队批案科房门座床柜台箱货型桌诊病车航场件位组摊铺";

/// Whether the clause ends after at most a small word.
pub(super) fn ends_there(after: &[Cell]) -> bool {
    let mut left = after;
    for _ in 0..4 {
        let Some((first, shorter)) = left.split_first() else { return true };
        if first.is_separator() || !first.is_char() {
            return true;
        }
        left = match ENDINGS.at_start(left) {
            Some(((), after)) => after,
            None if first.is_white_space() => shorter,
            None => return false,
        };
    }
    left.is_empty()
}

/// Whether only small words stand between a label and here.
pub(super) fn label_is_bound(before: &[Cell]) -> bool {
    let mut left = before;
    for _ in 0..8 {
        if Label::at_end(left).is_some() {
            return true;
        }
        let Some((last, shorter)) = left.split_last().filter(|(last, _)| last.is_char()) else {
            return false;
        };
        left = if last.is_white_space() {
            shorter
        } else if let Some(((), shorter)) = FIRST.at_end(left) {
            shorter
        } else if let Some((_, shorter)) = BINDERS.at_end(left) {
            shorter
        } else {
            return false;
        };
    }
    false
}

/// The cells since the last end of a clause or space, at most 12.
pub(super) fn clause_before(before: &[Cell]) -> &[Cell] {
    let near = last(trim_end(before), 12);
    let ends = |cell: &Cell| cell.ends_clause() || cell.is_white_space();
    let start = near.iter().rposition(ends).map_or(0, |at| at + 1);
    near.get(start..).unwrap_or_default()
}

/// The cells until the next end of a clause or space, at most 8.
pub(super) fn clause_after(after: &[Cell]) -> &[Cell] {
    let near = first(after, 8);
    let end = near.iter().position(|cell| cell.ends_clause() || cell.is_white_space());
    first(near, end.unwrap_or(near.len()))
}

/// The labels that a value at one place has.
#[derive(Debug)]
pub(super) struct Labels<'a> {
    /// The nearest label before it in the text, or the label right after it.
    own: Option<Label>,
    /// The hints of earlier messages, unless the value is far from the beginning.
    hints: &'a [Cell],
    /// Whether it is only called a number, after something that is not personal.
    is_after_other: bool,
}

impl<'a> Labels<'a> {
    /// The labels of a value between `before` and `after`.
    pub(super) fn around(before: &'a [Cell], after: &[Cell]) -> Labels<'a> {
        Labels::new(Label::before(before), before, after)
    }

    /// As [`around`](Self::around), with the nearest label before the value.
    pub(super) fn new(nearest: Option<Label>, before: &'a [Cell], after: &[Cell]) -> Labels<'a> {
        let (hints, said) = split_hints(before);
        let hints = if said.len() <= HINT_REACH { hints } else { &[] };
        let own = match nearest {
            None | Some(Label::Order | Label::Amount) => Label::after(after).or(nearest),
            label => label,
        };
        // 发票代码 031002300111 号码 47718230: the number of what was named before.
        let is_after_other = own == Some(Label::Number)
            && Label::all(last(before, HINT_REACH)).into_iter().any(Label::is_impersonal);
        Labels { own, hints, is_after_other }
    }

    /// The label in the text itself.
    pub(super) fn own(&self) -> Option<Label> {
        self.own
    }

    /// Whether the value is called so, in its text or, without a label there, by an earlier one.
    pub(super) fn say(&self, label: Label) -> bool {
        match self.own {
            None => self.hinted().any(|hinted| hinted == label),
            Some(Label::Number) if self.hinted().next().is_some() => {
                self.hinted().any(|hinted| hinted == label)
            }
            Some(Label::Number) => label == Label::Phone && !self.is_after_other,
            Some(own) => own == label,
        }
    }

    /// Whether one of these labels is said.
    pub(super) fn say_any(&self, labels: &[Label]) -> bool {
        labels.iter().any(|label| self.say(*label))
    }

    /// Whether its text calls it something that is not personal.
    pub(super) fn is_impersonal(&self) -> bool {
        self.own.is_some_and(Label::is_impersonal)
    }

    /// As [`is_impersonal`](Self::is_impersonal), or the last hint does.
    pub(super) fn is_impersonal_here(&self) -> bool {
        self.is_impersonal()
            || (self.own.is_none() && self.hinted().last().is_some_and(Label::is_impersonal))
    }

    fn hinted(&self) -> impl Iterator<Item = Label> {
        self.hints.iter().filter_map(|cell| match cell.hint {
            Some(Hint::Label(label)) => Some(label),
            _ => None,
        })
    }
}

/// The longest distance of a label before a number, in halves of a Chinese character.
const LABEL_REACH: usize = 28;

/// The longest distance of a number from the start of a message to which a hint belongs.
const HINT_REACH: usize = 40;

static LABELS: LazyLock<LabelLexicon<Label>> = LazyLock::new(|| {
    LabelLexicon::new(&[
        (
            Label::Order,
            "订单 单号 流水 流水号 交易号 编号 合同 合同号 快递 运单 凭证 凭证号 参考号 序列号 设备号 imei iccid
             工单 票号 发票 条码 批次 产品代码 基金代码 股票代码 信用代码 税号 纳税人识别号 order orderno orderid id号
             工号 邮编 邮政编码 客户号 会员号 卡券 券码 兑换码 取件码 邀请码 优惠码 推荐码 型号 版本 保单 保单号 车次 航班
             航班号 档案号 案号 案件号 受理号 投诉号 商户号 终端号 机具号 门店 房号 学号 考号 准考证 排队号 代码 错误码
             tracking invoice serial ref reference ticket contract batch model version ip 电费户号 水费户号 燃气户号 缴费户号 电表 户表 水表 燃气 缴费号
             发票号码 票据号码 订单号码 单据号码 凭证号码 合同号码 批号 保单号码 车票号码 座位号码 彩票号码 序列号码 房间号码 门牌号码 受理号码 排队号码
             快递号码 运单号码 报价单 账单 回单 清单 申请单 通知单 对账单 第 文件 公告 时间 几点 哪天 日期 几号 什么时候 提示 报错 报错码 error err errorcode 价格 净值 委托 返回码 返回代码 房间 几楼 几室 楼层 charge charged much 券 积分 几次 几笔 几张 几个 人数 网点 尾数 traceid requestid trace uuid sn 截图 ticketnumber ordernumber trackingnumber casenumber
             refnumber referencenumber ticketno caseno build 序号 口令红包 时刻 点钟 几点钟 几时 幾點 邊日 几多号 基金 股票 尾号 末四位 后四位 最后四位 尾数",
        ),
        (
            Label::Amount,
            "金额 余额 本金 额度 市值 资产 ¥ $ € £ 借了 还了 转了 充了 花了 买了 提现了 amount balance 利息 贷款 欠款 还款
             转账 转帐 充值 提现 消费 支付了 付了 收了 到账 入账 扣了 扣款 手续费 工资 退款 退了 支出 扣款",
        ),
        (
            Label::Document,
            "身份证 身份证号 身份证号码 证件 证件号 证件号码 身份号码 身份证件 身份證 idcard idno idnumber idnumberis idnois myid sfz sfzh
             shenfenzheng shenfenzhenghao 证号 老证 老身份证 旧身份证 一代证 一代 十五位 15位 十八位 18位 居民证 sfz前",
        ),
        (
            Label::HkId,
            "香港身份证 香港身份证号 香港身份证号码 hkid hkidno hkidnumber 香港id 永久性居民身份证 港身份证 香港的身份证",
        ),
        (
            Label::MacauId,
            "澳门身份证 澳门身份证号 澳门居民身份证 澳门id bir 澳门的身份证 macauid 澳门永久居民 澳门证件",
        ),
        (
            Label::TaiwanId,
            "台湾身份证 台湾身份证号 台湾身份证字号 身份证字号 身分证 身分证字号 身分证号 台湾的身份证 国民身份证 台湾证件",
        ),
        (
            Label::Passport,
            "护照 护照号 护照号码 passport passportno passportnumber huzhao huzhaohao",
        ),
        (
            Label::Permit,
            "通行证 通行卡 通行证号 通行证号码 回乡证 回乡证号 回乡卡 台胞证 台胞证号 港澳通行证 往来港澳通行证 永居证 永居 永居号
             台胞 永久居留 永久居留证 永久居留身份证 居留证 居留许可 居住证 绿卡 五星卡 旅行证 往来通行证 大通证 大陆通行证 入台证 permit
             prc homereturnpermit huixiangzheng taibaozheng mtp",
        ),
        (
            Label::Phone,
            "手机 手机号 手机号码 电话 电话号码 电话号 联系方式 联系 tel phone mobile cell call 微信 whatsapp 打给我 回电
             wechat 打我 打我的 拨打 预留 绑定 打俾我 打畀我 打比我 手提 手提号码 门号 telephone mynumber phonenumber cellnumber mobilenumber contactnumber shouji shoujihao dianhua 呼我 的号 短信发到 发到 call我",
        ),
        (Label::Number, "号码 号码是 数字是 numberis"),
        (Label::Email, "邮箱 邮箱号 邮箱地址 电邮 信箱 邮件地址 email emailaddress mail mailbox youxiang e-mail"),
        (
            Label::Landline,
            "座机 座机号 固话 固定电话 家里电话 家电 宅电 办公电话 公司电话 单位电话 办公室电话 landline 家里座机 市话 室内电话
             家用电话 家里的电话 单位座机 家里固话 家里的座机",
        ),
        (
            Label::Card,
            "卡号 银行卡 银行卡号 储蓄卡 信用卡 借记卡 工资卡 社保卡 card 卡 cardno cardnumber kahao kahao是
             visa mastercard 万事达 银联 运通 amex jcb diners 大来 pan yinhangka",
        ),
        (
            Label::Account,
            "账号 帐号 账户 帐户 户口 户口号码 户号 银行账号 银行户口 收款账号 收款户口 对公账号 对公账户 结算账户 基本户 对公户 户头 折子 红本 存折 存折号 折号
             account accountno accountnumber acct acctno a/c a/cno iban zhanghao 银行账户 账户号 帐户号 帐号是",
        ),
    ])
});

/// Labels of secrets.
pub(super) static SECRETS: LazyLock<LabelLexicon<SecretKind>> = LazyLock::new(|| {
    LabelLexicon::new(&[
        (
            SecretKind::OneTimeCode,
            "验证码 验证嘛 验证吗 验证马 验正码 验征码 验证妈 验证吗码 校验码 动态码 短信码 确认码 认证码 授权码 动态密码 动态口令 短信密码 短信口令 一次性密码 一次性口令 短信验证
             验证数字 六位验证 验证号 手机码 激活码 登录码 登陆码 短信数字 随机码 令牌码 口令码 效验码 检验码 验码 证码 安全令牌 令牌 token u盾 编码器 保安编码器 密码器 挑战码 恢复码 备用码 备份码 otp captcha yzm
             yanzhengma yanzheng verificationcode verifycode authcode authenticationcode smscode passcode一次性 onetimecode
             onetimepassword onetimepasscode 2fa 2facode confirmationcode logincode otpcode 认证号码 简讯码 简讯验证码 简讯密码 otp码
             otp密码 短讯码 短讯验证码 duanxinma",
        ),
        (
            SecretKind::Cvv,
            "安全码 cvv cvv2 cvv码 cvc cvc2 cvc码 cvn cvn2 cvn码 csc cid securitycode 背面三位 背面后三位 背面末三位 背面的三位 背后三位
             背面最后三位 后三码 末三码 后三碼 背面三码 背后三码 卡片验证码 卡验证码 卡片检查码 检查码 验证三位 签名栏三位 anquanma 卡片识别码
             卡背码 背面码 背码 housanwei beimiansanwei",
        ),
        (
            SecretKind::Expiry,
            "有效期 有效期限 有效日期 有效年月 有效月年 到期日 到期日期 到期时间 到期 到期年月 expiry expirydate exp expdate expires
             expirationdate expiration validthru validthrough goodthru goodthrough validuntil valid thru 月年 monthyear mmyy 有效期至 有效期到 有效到
             youxiaoqi 效期 有效至 卡有效",
        ),
        (
            SecretKind::Password,
            "密码 卡密 密马 蜜码 密麻 密吗 口令 password passwd passwrd pasword passcode pwd psw psd pw pass pin pin码 pincode pinnumber mima mm
             密碼 kouling 登录密 登陆密 支付密 交易密 取款密 查询密 秘密数字 蜜马 谜玛 谜码 迷码 秘码 密玛 米码 蜜吗 🔑 🔐 手势 手势密码 解锁图案 解锁码 六位密 六位数密 通行码 loginpw paypass paypwd loginpwd loginpass tradepwd payword 服务密码
             密保 密钥 暗码 暗号 登入密码 网银密码 提款密码 柜员机密码 pinno",
        ),
        (SecretKind::TrackData, "磁道 磁条 磁道数据 磁条数据 磁条信息 磁道信息 trackdata track1 track2 track 二磁 二磁道"),
    ])
});

/// Words that may stand between the label of a secret and its value.
pub(super) static BINDERS: LazyLock<LabelLexicon<Binder>> = LazyLock::new(|| {
    LabelLexicon::new(&[
        (
            Binder::Says,
            "是 就是 为 即 : = 叫 设成 设为 设置成 设置为 设置的是 设的是 设的 设了 设 改成 改为 改的是 改了 换成 换了 填的是 填了 输的是 输入的是 输了 显示
             如下 -> => → is shi 系 用的 用的是 用 一直用 都用 都是 一直是 写的是 写的 写着 写 印的是 印着 打的是 记的是 係 乃 叫做 叫作 给的是 告诉我的是
             来的是 收到的是 发的是 发来的是 弄成 弄的 弄的是 was set to 报 念 报一下 就系 选的 选的是 是不是 会不会是 是否是 写作 r are 出 给的 填的 说 说是 reads says 画的是 画的 的号是 重置成 重置为 叫的是",
        ),
        (
            Binder::Binds,
            ", . 。 、 ! ; ~ - – — ― … \" ' “ ” ‘ ’ ( ) [ ] 【 】 「 」 『 』 《 》 < > * # _ | / 👉 ☞ ➡ 🔑 ‼
             我 我的 你 您 这个 这 那 那个 了 的 呢 哈 啊 吧 嗯 哦 噢 呀 喔 哎 诶 额 呃 有 收到 收到了 刚 刚刚 刚才 才 来了 到了 已 给你 给您
             发你 发您 发给你 发给您 告诉你 告诉您 报给你 填 输 输入 短信 内容 数字 数 值 号码 分别 都 和 跟 还有
             或 或者 现在 今天 新 旧 老 还 应该 应该是 好像 好像是 可能 大概 后六位 后三位 后四位 前三位 前四位 六位 四位 三位 code 身份证 生日 帮我 登录 登陆 试试 在这 在此 不对
             你看 您看 一下 麻烦 记一下 你记 帮 以前 之前 原来 原来的 原 一直 我这边 这边 那边 我这 我给你 我发你 银行 手机 手机上 上面 里面 里 上 收 the my it's its no num number 也 呐 嘛
             系统 发来 发来的 发的 发过来 发过来的 来的 收到的 分别是 分別 嘅 喺 呢个 哋 俾你 畀你 佢 咁 系咪 喎 啦 咯 喽 哒 滴 de wo wode ni nin 给 告诉 跟你说 直接 再 又 再发 再说 重发 更新 新的 旧的 最新 最新的 第一个 第二个 第三个 上一个 第二条 第一条 前半截 后半截 头两个 头两位 前两位 前两个 开头 头三位 前头 后头 仨数 底下 下面 上面 右边 那里 位置 处 上次 这次 这次的 那次 另外 另一个 另外一个
             那好 好 好的 好吧 行 ok 后面 前面 好似 好似系 唔系 嗰个 呢个 应该系 就 唔系就 帮你 请 请查收 请看 查收 收好 拿好 如 具体 值 组 串 六个数 六个数字 几个数 几个数字 那串 那几个 数是 这串 这几个 六位数 六位数字 四位数 四位数字 三位数 三位数字 三个数 三个数字",
        ),
    ])
});

/// Words that may stand between a value and a label after it.
pub(super) static NAMING: LazyLock<LabelLexicon<Binder>> = LazyLock::new(|| {
    LabelLexicon::new(&[
        (Binder::Says, "是 就是 为 这是 这个是 这就是 那是 就系 系 系我 这个 这 ← <- <-- ⬅ (  is is_my 这个就是 便是 做 当 作为"),
        (
            Binder::Binds,
            ", 。 . - — \" ” ) ( 」 这 那 我 我的 的 我收到的 收到的 刚 刚才 刚收到的 收到 支付 登录 登陆 交易 取款 查询 网银 app
             银行卡 信用卡 短信 手机 新 旧 老 你 您 你们 你们发的 发的 发来的 要的 您要的 你要的 银行 系统 the my 他 她 他的 提款 上面的 卡的 卡 这个 微信 支付宝 公司 对公 基本户 单位 个体户 上面 上面这个 嘅 个 六位 6位 手机收到的 (这是",
        ),
    ])
});

static NUMBER_SUFFIX: LazyLock<LabelLexicon<()>> =
    LazyLock::new(|| LabelLexicon::of_words("号码 号码是 number numberis no"));

/// Places whose identity cards are of their own kind.
static REGIONS: LazyLock<LabelLexicon<Label>> = LazyLock::new(|| {
    LabelLexicon::new(&[
        (Label::HkId, "香港 hongkong hk"),
        (Label::MacauId, "澳门 macau macao"),
        (Label::TaiwanId, "台湾 台胞 taiwan"),
    ])
});

/// Words that tell that a number after the label of a secret is something else.
pub(super) static UNBINDING: LazyLock<LabelLexicon<()>> = LazyLock::new(|| {
    LabelLexicon::of_words(
        "不 没 忘 错 怎 吗 什么 多 次 打 拨 电话 客服 热线 代码 基金 单号 订单 编号 工号 金额 余额 元 转 扣 提现
         充值 还款 买 卖 日 时间 年 月 锁 尾号 末 花 借 贷 存 赎 投",
    )
});

/// Words after a number that make it a sum of money.
pub(super) static MONEY: LazyLock<LabelLexicon<()>> = LazyLock::new(|| {
    LabelLexicon::of_words(
        "元 块 圆 万 亿 千元 百元 美元 美金 港币 港元 人民币 rmb usd cny hkd 蚊 台币 欧元 日元 块钱 元整",
    )
});

/// Words after a number that make it a share or a count, regardless of the words before it.
pub(super) static COUNTS: LazyLock<LabelLexicon<()>> = LazyLock::new(|| {
    LabelLexicon::of_words("次 秒 位 % 份 股 个点 bp kg 公斤 斤 克 厘米 cm ml gb mb")
});

/// Words after a number that make it a measure, a time or a place.
pub(super) static UNITS: LazyLock<LabelLexicon<()>> = LazyLock::new(|| {
    LabelLexicon::of_words(
        "千 百 分钟 小时 天 日 月 年 个 期 笔 折 人 条 遍 点 开头 结尾 打头 号 字 多 几 岁 发来 发的 打来 客服
         热线",
    )
});

/// Letters that customers write directly before or after their own number.
pub(super) static NAMES: LazyLock<LabelLexicon<()>> = LazyLock::new(|| {
    LabelLexicon::of_words(
        "tel phone mobile mob call vx wx wechat v qq card no id is ph my me shouji shoujihao dianhua sj dh kahao
         weixin wxid zfb alipay hao haoma a b c m t p phoneno mobileno number num and or cell whatsapp hi at to shi kh yhk zh",
    )
});

/// Letters of codes that are not personal and mix letters with digits.
pub(super) static CODE_LETTERS: LazyLock<LabelLexicon<()>> = LazyLock::new(|| {
    LabelLexicon::of_words(
        "sn imei order ord dd ht sf yt jd tb ems yto zto sto jdv no po inv tx txid trade hash v ver version kf wo gd lsh ddh",
    )
});

/// Prefixes of names that mix letters and digits and are not passwords.
pub(super) static PRODUCTS: LazyLock<LabelLexicon<()>> = LazyLock::new(|| {
    LabelLexicon::of_words(
        "iphone ipad ios android huawei honor mate nova xiaomi redmi oppo vivo samsung harmonyos windows
         wechat alipay http https www app p2p face faceid touchid win win10 win11 mac macos chrome safari edge ie wifi 4g 5g nfc
         usb pos atm kyc vip svip ipados oneplus realme galaxy note pixel ok qq covid mi",
    )
});

/// Words that tell that a month belongs to a card.
pub(super) static CARD_WORDS: LazyLock<LabelLexicon<()>> = LazyLock::new(|| {
    LabelLexicon::of_words(
        "卡 后三位 背面 签名栏 cvv cvv2 cvc cvc2 安全码 card visa mastercard amex validthru goodthru expdate expirydate expiry exp validthrough validuntil expires 后三码 mmyy",
    )
});

/// Other things that expire and are often mentioned together with a card.
pub(super) static COUPON_WORDS: LazyLock<LabelLexicon<()>> = LazyLock::new(|| {
    LabelLexicon::of_words(
        "券 优惠 红包 活动 会员 身份证 证件 合同 产品 理财 积分 还款 账单 分期 贷款 定期 存单 保单 护照 签证 通行证 保险 委托 promo promotion sale 折扣 折价 折價 满减 存款 借款 最低 欠款
         年费 免息 套餐 权益 促销 coupon contract voucher points membership subscription policy license 证书 点数 会籍 试用 证件 保修 质保 licence trial",
    )
});

/// Words between two groups of digits of one number.
pub(super) static GAP_WORDS: LazyLock<LabelLexicon<()>> = LazyLock::new(|| {
    LabelLexicon::of_words(
        "然后 然后是 接着 接着是 再 再是 后面 后面是 后面系 跟着 跟住 跟着是 之后 之后是 接下来 接下来是 空格 横杠 杠 横线 点 dot dash space then and 最后 最后是 后边是 再来 再然后 再接 加 到 中间 中间是 末尾 末尾是 啊 嗯 呃 那个 逗号 斜杠",
    )
});

/// Small words at the end of a clause, after a value or a label.
pub(super) static ENDINGS: LazyLock<LabelLexicon<()>> = LazyLock::new(|| {
    LabelLexicon::of_words(
        "吧 啊 呢 哦 噢 呀 的 了 吗 么 对吗 对吧 是吗 是吧 对不对 是不是 这个 这样 也不行 不行 不对 也不对 还是不行 还是不对 没用 无效 错误 失败 不通过 过期 过期了 没反应 来的 来着 打这个 而已 没错 哈 啦 嘛 喔 谢谢 麻烦 please pls thx
         ok 好了 就这个 就是这个 是这个 收到了 收到 发来的 发的 系咪 㗎 喇 呐 哟 诶",
    )
});

/// Words before the first part of a number.
pub(super) static FIRST: LazyLock<LabelLexicon<()>> = LazyLock::new(|| {
    LabelLexicon::of_words(
        "前面 前面是 前半 前半段 头上 先 前十位 前六位 前八位 前几位 前四位 头几位 前头",
    )
});

/// Words with which agents ask.
pub(super) static ASKS: LazyLock<LabelLexicon<()>> = LazyLock::new(|| {
    LabelLexicon::of_words(
        "多少 什么 哪 几 ? 请 发 提供 报 告诉 呢 吗 是 麻烦 what which please share send when could",
    )
});

/// Words with which agents warn, so that a secret named by them is not requested.
pub(super) static WARNINGS: LazyLock<LabelLexicon<()>> = LazyLock::new(|| {
    LabelLexicon::of_words(
        "勿 不要 不能 别 不会 不需要 无需 谨防 不得 不可 不用 注意 保管 防止 提示 报错 显示 收不到 没收到",
    )
});
