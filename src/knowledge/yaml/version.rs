//! The version of a file's format.

use super::fields::Fields;
use crate::knowledge::diagnostics::{codes::Code, report::Report};

/// Reports a file whose `version` is not 1.
pub(crate) fn check_version(fields: &Fields<'_>, report: &mut Report<'_>) {
    let Some(node) = fields.get("version") else {
        let message = "缺少 version: 1";
        let mend = "在文件开头写 version: 1";
        report.add(Code::Version, fields.place, message, "版本决定文件怎么读", mend);
        return;
    };
    if !node.is_number(1) {
        let message = "不认识的格式版本";
        report.add(
            Code::Version,
            node.place,
            message,
            "这个版本的 kefu 只认 version: 1",
            "写 version: 1，不加引号",
        );
    }
}
