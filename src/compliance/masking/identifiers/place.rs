//! Plates of cars and addresses, which are only flagged by default.

use std::sync::LazyLock;

use super::identifier::Identifier;
use crate::compliance::masking::cells::last;
use crate::compliance::masking::lexicon::LabelLexicon;
use crate::compliance::masking::numbers::digit;
use crate::compliance::masking::personal_data::PersonalData;
use crate::compliance::masking::spot::Spot;

/// The plate or the address at the start.
pub(super) fn find(spot: &Spot<'_>) -> Option<Identifier> {
    plate(spot).or_else(|| address(spot))
}

/// Whether a plate may begin with this character.
pub(in crate::compliance::masking) fn begins_plate(c: char) -> bool {
    // The characters lie far apart: one comparison excludes most.
    matches!(c, '\u{4e91}'..='\u{9ed1}') && PROVINCES.contains(&c)
}

/// A plate such as 京A12345 or 沪AD12345, GA 36.
fn plate(spot: &Spot<'_>) -> Option<Identifier> {
    let province = spot.rest.first()?;
    if !PROVINCES.contains(&province.c) || !spot.rest.get(1)?.is_ascii_letter() {
        return None;
    }
    let mut count = 0;
    let mut digits = 0;
    let mut end = 0;
    for (at, cell) in spot.rest.iter().enumerate().skip(2) {
        if cell.is_ascii_alphanumeric() {
            count += 1;
            digits += usize::from(cell.is_ascii_digit());
            end = at + 1;
        } else if !(matches!(cell.c, '·' | ' ' | '-' | '.' | '•') && at <= 3) {
            break;
        }
    }
    let special = spot.rest.get(end).is_some_and(|cell| "学警挂港澳".contains(cell.c));
    let count = count + usize::from(special);
    let end = end + usize::from(special);
    (matches!(count, 5 | 6) && digits >= 2).then_some(Identifier {
        data: PersonalData::Plate,
        characters: String::new(),
        cells: end,
    })
}

const PROVINCES: [char; 31] = [
    '京', '津', '沪', '渝', '冀', '豫', '云', '辽', '黑', '湘', '皖', '鲁', '新', '苏', '浙', '赣',
    '鄂', '桂', '甘', '晋', '蒙', '陕', '吉', '闽', '贵', '粤', '青', '藏', '川', '宁', '琼',
];

/// A number with 号, 栋, 室 or the like, a street or an estate before it.
fn address(spot: &Spot<'_>) -> Option<Identifier> {
    let first = spot.rest.first()?;
    if digit(first).is_none() || spot.before.last().is_some_and(|cell| digit(cell).is_some()) {
        return None;
    }
    let streets = last(spot.before, STREET_REACH);
    if !STREETS.is_in(streets) {
        return None;
    }
    let mut end = 0;
    let mut at = 0;
    loop {
        let rest = spot.rest.get(at..).unwrap_or_default();
        let number = rest
            .iter()
            .take(6)
            .take_while(|cell| digit(cell).is_some() || cell.is_ascii_letter() || cell.c == '-')
            .count();
        if number == 0 {
            break;
        }
        let Some(((), after)) = HOUSES.at_start(rest.get(number..).unwrap_or_default()) else {
            break;
        };
        at = spot.rest.len() - after.len();
        end = at;
    }
    (end > 0).then_some(Identifier {
        data: PersonalData::Address,
        characters: String::new(),
        cells: end,
    })
}

const STREET_REACH: usize = 12;

static STREETS: LazyLock<LabelLexicon<()>> = LazyLock::new(|| {
    LabelLexicon::of_words(
        "路 街 街道 大道 巷 弄 胡同 村 小区 花园 苑 大厦 镇 新村 公寓 里弄 家园 广场 城区 社区 园区 府 湾",
    )
});

static HOUSES: LazyLock<LabelLexicon<()>> =
    LazyLock::new(|| LabelLexicon::of_words("号 号楼 弄 栋 幢 单元 室 楼 座 号院 组 房 户 层"));
