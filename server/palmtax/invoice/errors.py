"""What can be wrong with an invoice, a row or a file; rows keep the code and the numbers, people read the sentence."""

from __future__ import annotations

from palmtax.base.errors import PalmtaxError


class InvoiceUnknown(PalmtaxError):
    """No such invoice among those you may see."""

    code, status = "invoice.unknown", 404
    text = "没有找到这张发票"
    text_en = "This invoice was not found"
    hint = "请返回发票列表重新选择"
    hint_en = "Go back to the list of invoices and choose again"


class ImportUnknown(PalmtaxError):
    """No such import among those you may see."""

    code, status = "invoice.import_unknown", 404
    text = "没有找到这次导入"
    text_en = "This import was not found"
    hint = "请返回导入记录重新选择"
    hint_en = "Go back to the list of imports and choose again"


class QueryMalformed(PalmtaxError):
    """A filter or a cursor that cannot be read."""

    code, status = "invoice.query_malformed", 422
    text = "筛选条件“{what}”写得不对"
    text_en = "The filter “{what}” cannot be read"
    hint = "所属期写作 2026Q3 或 2026-09；翻页请使用上一页给出的标记"
    hint_en = "Write a period as 2026Q3 or 2026-09; for the next page use the mark of the last answer"
    fields = ("what",)


class KeyReused(PalmtaxError):
    """The same idempotency key came with another content."""

    code, status = "invoice.key_reused", 422
    text = "这个提交编号已用于另一份内容"
    text_en = "This idempotency key was already used for something else"
    hint = "请刷新页面后重新提交"
    hint_en = "Refresh the page and submit again"


class KeyMissing(PalmtaxError):
    """The act came without an idempotency key, or with a malformed one."""

    code, status = "invoice.key_missing", 422
    text = "缺少提交编号（Idempotency-Key），或格式不对"
    text_en = "The Idempotency-Key header is missing or malformed"
    hint = "请更新应用后再试；接口调用方请为每次提交生成 8 至 64 位字母、数字或连字符"
    hint_en = "Update the app and try again; callers of the API make 8 to 64 letters, digits or hyphens for each act"


class InvoiceDuplicate(PalmtaxError):
    """The number is already in the pool, or stands earlier in the same file."""

    code, status = "invoice.duplicate", 409
    text = "发票 {invoice_no} 已在发票池中"
    text_en = "Invoice {invoice_no} is already in the pool"
    hint = "不需要再导入；如内容不同，请先核对开票平台上的原票"
    hint_en = "There is nothing to import; if the contents differ, compare with the original first"
    fields = ("invoice_no",)


class DuplicateInFile(PalmtaxError):
    """The number stands earlier in the same file."""

    code, status = "invoice.duplicate_in_file", 409
    text = "发票 {invoice_no} 与本文件第 {first_row} 行重复"
    text_en = "Invoice {invoice_no} is the same as row {first_row} of this file"
    hint = "只保留第一次出现的那一行，不需要处理"
    hint_en = "The first of the two was taken; nothing to do"
    fields = ("invoice_no", "first_row")


class NumberNotExact(PalmtaxError):
    """A spreadsheet turned the invoice number into scientific notation: digits are lost."""

    code, status = "invoice.number_not_exact", 422
    text = "发票号码“{given}”被表格软件改成了科学计数法，末尾数字已丢失"
    text_en = (
        "The invoice number “{given}” was turned into scientific notation by a spreadsheet: its last digits are lost"
    )
    hint = "请从平台重新下载原始文件直接上传，不要用表格软件打开后另存"
    hint_en = "Download the file again and upload it as it is, without saving it from a spreadsheet"
    fields = ("given",)


class NumberMalformed(PalmtaxError):
    """Not 20 digits (or 8 to 20 of an older form)."""

    code, status = "invoice.number_malformed", 422
    text = "发票号码“{given}”不是 8 至 20 位数字"
    text_en = "The invoice number “{given}” is not 8 to 20 digits"
    hint = "数电票号码为 20 位数字，开头的 0 也要保留"
    hint_en = "Digital invoices have 20 digits; leading zeros count"
    fields = ("given",)


class AmountMalformed(PalmtaxError):
    """An amount that is not a plain decimal number in yuan."""

    code, status = "invoice.amount_malformed", 422
    text = "“{column}”的金额“{given}”不是数字，或含有科学计数法"
    text_en = "The amount “{given}” of “{column}” is not a plain number"
    hint = "请写成 1234.50 这样的数字，单位为元"
    hint_en = "Write it like 1234.50, in yuan"
    fields = ("column", "given")


class AmountTooFine(PalmtaxError):
    """More than two decimals: an amount is never rounded silently."""

    code, status = "invoice.amount_too_fine", 422
    text = "“{column}”的金额“{given}”超过两位小数"
    text_en = "The amount “{given}” of “{column}” has more than two decimals"
    hint = "金额精确到分，请按票面金额填写"
    hint_en = "Amounts end at the fen; use the amount printed on the invoice"
    fields = ("column", "given")


class AmountTooLarge(PalmtaxError):
    """Beyond 2^53-1 fen, where JavaScript numbers stop being exact."""

    code, status = "invoice.amount_too_large", 422
    text = "金额超出系统可精确处理的上限（90,071,992,547,409.91 元）"
    text_en = "The amount is beyond what can be handled exactly (90,071,992,547,409.91 yuan)"
    hint = "请核对小数点和位数"
    hint_en = "Check the decimal point and the number of digits"


class RateUnknown(PalmtaxError):
    """A rate that no law knows."""

    code, status = "invoice.rate_unknown", 422
    text = "税率（征收率）“{given}”不在规定范围内"
    text_en = "The rate “{given}” is not one the law has"
    hint = "可用 0、1%、1.5%、3%、5%、6%、9%、13%"
    hint_en = "Use 0, 1%, 1.5%, 3%, 5%, 6%, 9% or 13%"
    fields = ("given",)


class TaxMismatch(PalmtaxError):
    """Tax is not amount × rate, beyond one fen."""

    code, status = "invoice.tax_mismatch", 422
    text = "第 {line_no} 项税额应为 {right} 元（{amount} × {rate}），票面写的是 {given} 元"
    text_en = "The tax of line {line_no} should be {right} yuan ({amount} × {rate}); it says {given} yuan"
    hint = "请核对金额、税率和税额；相差 1 分以内可以接受"
    hint_en = "Check amount, rate and tax; a difference of one fen is accepted"
    fields = ("line_no", "right", "amount", "rate", "given")


class TotalMismatch(PalmtaxError):
    """The total is not the sum of the lines."""

    code, status = "invoice.total_mismatch", 422
    text = "“{column}”应为各项合计 {right} 元，票面写的是 {given} 元"
    text_en = "“{column}” should be the sum of the lines, {right} yuan; it says {given} yuan"
    hint = "文件可能不完整，请从开票平台重新下载"
    hint_en = "The file may be incomplete; download it again"
    fields = ("column", "right", "given")


class DateMalformed(PalmtaxError):
    """A day that cannot be read."""

    code, status = "invoice.date_malformed", 422
    text = "开票日期“{given}”无法识别"
    text_en = "The date “{given}” cannot be read"
    hint = "请写成 2026-09-30 这样的日期"
    hint_en = "Write it like 2026-09-30"
    fields = ("given",)


class DateImpossible(PalmtaxError):
    """Issued after today, or before there was VAT."""

    code, status = "invoice.date_impossible", 422
    text = "开票日期 {given} 晚于今天，或早于 1994 年"
    text_en = "The date {given} is later than today, or before 1994"
    hint = "请核对开票日期"
    hint_en = "Check the date of issue"
    fields = ("given",)


class KindUnknown(PalmtaxError):
    """Neither an ordinary nor a special invoice."""

    code, status = "invoice.kind_unknown", 422
    text = "发票类型“{given}”无法识别"
    text_en = "The kind of invoice “{given}” is not known"
    hint = "请写“普通发票”“专用发票”，或“未开票”"
    hint_en = "Use ordinary, special, or none for income without an invoice"
    fields = ("given",)


class ColumnMissing(PalmtaxError):
    """A needed cell is empty."""

    code, status = "invoice.cell_missing", 422
    text = "缺少“{column}”"
    text_en = "“{column}” is missing"
    hint = "请补全这一项后再导入"
    hint_en = "Fill it in and import again"
    fields = ("column",)


class SellerNotYou(PalmtaxError):
    """The invoice was issued by somebody else."""

    code, status = "invoice.seller_not_you", 422
    text = "销售方识别号不是本企业的 {own}"
    text_en = "The seller is not you ({own})"
    hint = "只能导入本企业开具或收到的发票；请确认当前办税身份"
    hint_en = "Only invoices issued by or to you can be imported; check whom you act for"
    fields = ("own",)


class RedWithoutOriginal(PalmtaxError):
    """A negative invoice that does not say which one it reverses."""

    code, status = "invoice.red_without_original", 422
    text = "红字发票要写明被红冲的蓝字发票号码"
    text_en = "A red-letter invoice must name the invoice it reverses"
    hint = "请补上原发票号码；没有开票的退货请按“未开票”负数录入"
    hint_en = (
        "Add the number of the original; for returned goods without an invoice enter negative income without invoice"
    )


class OriginalOfPositive(PalmtaxError):
    """A positive invoice that claims to reverse another."""

    code, status = "invoice.original_of_positive", 422
    text = "只有金额为负的红字发票才填写被红冲的发票号码"
    text_en = "Only a negative (red-letter) invoice names an original"
    hint = "红字发票的金额请写成负数"
    hint_en = "Write the amounts of a red-letter invoice as negative numbers"


class RedBeyondOriginal(PalmtaxError):
    """Reverses more than the original had left."""

    code, status = "invoice.red_beyond_original", 409
    text = "红冲金额超过原发票 {original_no} 的剩余金额 {left} 元"
    text_en = "The reversal is larger than what is left of invoice {original_no}: {left} yuan"
    hint = "请核对原发票号码和此前的红字发票"
    hint_en = "Check the number of the original and earlier reversals"
    fields = ("original_no", "left")


class RedOfRed(PalmtaxError):
    """Reverses an invoice that is itself a red one, or itself."""

    code, status = "invoice.red_of_red", 409
    text = "发票 {original_no} 本身是红字发票，不能再红冲"
    text_en = "Invoice {original_no} is itself a red-letter one and cannot be reversed"
    hint = "请填写原蓝字发票的号码"
    hint_en = "Give the number of the original invoice"
    fields = ("original_no",)


class NumberNeeded(PalmtaxError):
    """An ordinary or special invoice has a number; income without invoice has none."""

    code, status = "invoice.number_needed", 422
    text = "请填写发票号码；没有开票的收入请选“未开票”，不填号码"
    text_en = "Give the invoice number; for income without an invoice choose “none” and leave it empty"
    hint = "数电票号码在票面右上角，20 位"
    hint_en = "The number has 20 digits and stands at the top right of the invoice"


class FileTooLarge(PalmtaxError):
    """Larger than one import takes."""

    code, status = "invoice.file_too_large", 413
    text = "文件超过 {limit_mb} MB"
    text_en = "The file is larger than {limit_mb} MB"
    hint = "请按月份分成几个文件上传"
    hint_en = "Split it by month and upload the parts"
    fields = ("limit_mb",)


class FileEmpty(PalmtaxError):
    """Nothing in it."""

    code, status = "invoice.file_empty", 422
    text = "文件里没有发票"
    text_en = "There are no invoices in the file"
    hint = "请确认下载完整后再上传"
    hint_en = "Make sure that the download was complete"


class FileKindWrong(PalmtaxError):
    """The content is not what was announced."""

    code, status = "invoice.file_kind_wrong", 422
    text = "这不是{expected}文件"
    text_en = "This is not a {expected} file"
    hint = "可上传：数电票 XML（单张，或多张压缩成 zip）、平台导出的 CSV"
    hint_en = "Upload digital invoices as XML (one, or several in a zip) or the CSV of a platform"
    fields = ("expected",)


class FileUnsafe(PalmtaxError):
    """A document type, entities, or an archive that swells."""

    code, status = "invoice.file_unsafe", 422
    text = "文件含有不允许的内容（{what}），没有读取"
    text_en = "The file holds something that is not allowed ({what}) and was not read"
    hint = "请使用开票平台原样下载的文件"
    hint_en = "Use the file exactly as the platform gave it"
    fields = ("what",)


class FileUnreadable(PalmtaxError):
    """Broken XML, broken zip, or an unknown encoding."""

    code, status = "invoice.file_unreadable", 422
    text = "文件无法读取：{what}"
    text_en = "The file cannot be read: {what}"
    hint = "请重新下载后再上传"
    hint_en = "Download it again and upload it once more"
    fields = ("what",)


class HeaderUnknown(PalmtaxError):
    """The first row of a CSV does not name the needed columns."""

    code, status = "invoice.header_unknown", 422
    text = "表头缺少：{columns}"
    text_en = "The header row lacks: {columns}"
    hint = "第一行应有发票号码、开票日期、金额、税率等列名"
    hint_en = "The first row names the columns: invoice number, date, amount, rate"
    fields = ("columns",)


class TooManyRows(PalmtaxError):
    """More rows than one import takes."""

    code, status = "invoice.too_many_rows", 422
    text = "一次最多导入 {limit} 行"
    text_en = "One import takes at most {limit} rows"
    hint = "请按月份分成几个文件"
    hint_en = "Split the file by month"
    fields = ("limit",)


class SumTooLarge(PalmtaxError):
    """Sums that no number on the wire holds exactly."""

    code, status = "invoice.sum_too_large", 409
    text = "这些发票的合计超出系统可精确显示的上限"
    text_en = "The sum of these invoices is beyond what can be shown exactly"
    hint = "请缩小所属期或筛选范围；如金额确实这么大，请先核对原票"
    hint_en = "Narrow the period or the filters; if the amounts are real, compare with the originals first"


class QuotaExceeded(PalmtaxError):
    """More than what may still be invoiced this month."""

    code, status = "invoice.quota_exceeded", 409
    text = "本月还能开 {left} 元（不含税），这次要开 {asked} 元"
    text_en = "{left} yuan (without VAT) may still be invoiced this month; this asks for {asked}"
    hint = "请减少金额，或先办理“数电发票总额度调整”"
    hint_en = "Invoice less, or ask for a higher invoice quota first"
    fields = ("asked", "left")


class LinesMissing(PalmtaxError):
    """An invoice without lines, or a line without name, amount or rate."""

    code, status = "invoice.lines_missing", 422
    text = "发票第 {line_no} 行缺少名称、金额或税率"
    text_en = "Line {line_no} of the invoice lacks a name, an amount or a rate"
    hint = "请补全每一行后再提交"
    hint_en = "Complete every line and submit again"
    fields = ("line_no",)


class SheetUnknown(PalmtaxError):
    """No such red-letter sheet of this taxpayer, or not of this side."""

    code, status = "invoice.sheet_unknown", 409
    text = "没有找到红字确认单 {sheet_no}"
    text_en = "There is no red-letter sheet {sheet_no}"
    hint = "请核对编号；对方发起的确认单会发消息给您"
    hint_en = "Check the number; you are told when the other side opens a sheet"
    fields = ("sheet_no",)


class SheetSettled(PalmtaxError):
    """The sheet is not in the state that the act needs."""

    code, status = "invoice.sheet_settled", 409
    text = "红字确认单 {sheet_no} 现在是“{state}”，不能这样办理"
    text_en = "The red-letter sheet {sheet_no} is “{state_en}”, so this cannot be done"
    hint = "等待确认超过 72 小时的确认单会作废，请重新发起"
    hint_en = "A sheet that waited for 72 hours is void: open a new one"
    fields = ("sheet_no", "state", "state_en")


class OriginalUnknown(PalmtaxError):
    """A red invoice needs the original in the pool."""

    code, status = "invoice.original_unknown", 409
    text = "发票池中没有原发票 {invoice_no}，开不了红字发票"
    text_en = "The original {invoice_no} is not in the pool, so no red invoice can be issued"
    hint = "请先导入原发票，再开红字发票"
    hint_en = "Import the original first, then issue the red invoice"
    fields = ("invoice_no",)
