"""What a person should look at before submitting, each with what happened and what to do."""

from __future__ import annotations

from palmtax.filing.schemas import FieldProblem


def _problem(
    code: str, *, blocking: bool, zh: tuple[str, str], en: tuple[str, str], field: str | None = None
) -> FieldProblem:
    return FieldProblem(
        field=field, is_blocking=blocking, code=f"filing.{code}", text=zh[0], hint=zh[1], text_en=en[0], hint_en=en[1]
    )


def not_open(label: str, label_en: str, opens_on: str) -> FieldProblem:
    """The period is not over."""
    return _problem(
        "not_open",
        blocking=True,
        zh=(f"{label}还没有结束，{opens_on} 起可以申报", "可以先核对数据，到时一键提交"),
        en=(f"{label_en} is not over; it can be filed from {opens_on}", "Check the figures now and submit then"),
    )


def overtaken(return_no: str | None) -> FieldProblem:
    """The period was filed, amended or voided from elsewhere."""
    if return_no is None:
        zh, en = "原申报表已作废，这份草稿不能再提交", "The original return was voided; this draft cannot be submitted"
    else:
        zh, en = f"这一期已经申报，编号 {return_no}", f"This period has been filed, number {return_no}"
    return _problem(
        "draft_overtaken",
        blocking=True,
        zh=(zh, "请从首页重新进入；如需修改，请办理更正"),
        en=(en, "Start again from the home page; to change a return, amend it"),
    )


def not_small_scale() -> FieldProblem:
    """The taxpayer became a general taxpayer."""
    return _problem(
        "not_small_scale",
        blocking=True,
        zh=("您已不是小规模纳税人，不能用本表申报", "请使用一般纳税人申报表"),
        en=("You are no longer a small-scale taxpayer", "Use the return for general taxpayers"),
    )


def unsupported_rate(rates: str) -> FieldProblem:
    """Invoices at rates that this return does not have."""
    return _problem(
        "unsupported_rate",
        blocking=True,
        zh=(
            f"有按 {rates} 开具的发票，本表不能申报",
            "请核对这些发票；如开具有误请红冲重开，其他情形请到办税服务厅办理",
        ),
        en=(
            f"There are invoices at {rates}, which this return has no place for",
            "Check them; reverse wrong ones, or go to a tax service hall",
        ),
    )


def net_negative(amount: str, field: str, label: str, label_en: str) -> FieldProblem:
    """Red-letter invoices exceed the sales that they could lower."""
    return _problem(
        "net_sales_negative",
        blocking=True,
        field=field,
        zh=(
            f"“{label}”中红字发票比销售额多 {amount} 元，销售额不能为负",
            "请把这一栏更正为 0 并说明原因；多出的部分在下期冲减",
        ),
        en=(
            f"In “{label_en}” red-letter invoices exceed sales by {amount} yuan; sales cannot be negative",
            "Correct the field to 0 and give the reason; the rest is taken off in the next period",
        ),
    )


def below_invoices(field: str, amount: str) -> FieldProblem:
    """A correction below what the invoices add up to."""
    return _problem(
        "below_invoices",
        blocking=False,
        field=field,
        zh=(f"金额比发票合计少 {amount} 元", "可以直接改用发票合计，或说明原因后继续"),
        en=(
            f"This is {amount} yuan less than the invoices add up to",
            "Use the sum of the invoices, or go on with your reason",
        ),
    )


def invoices_moved(field: str, before: str, now: str) -> FieldProblem:
    """The invoices changed after the person corrected the field."""
    return _problem(
        "invoices_moved",
        blocking=False,
        field=field,
        zh=(f"您更正之后，发票合计由 {before} 元变为 {now} 元", "请确认更正的金额是否还正确"),
        en=(
            f"Since your correction the invoices changed from {before} to {now} yuan",
            "Check that your figure is still right",
        ),
    )


def over_limit(amount: str, limit: str) -> FieldProblem:
    """More in twelve months than a small-scale taxpayer may sell: to be registered as a general taxpayer."""
    return _problem(
        "over_small_scale_limit",
        blocking=False,
        zh=(
            f"连续 12 个月销售额 {amount} 元，超过小规模纳税人标准 {limit} 元",
            "请在规定期限内办理一般纳税人登记；本期仍可先申报",
        ),
        en=(
            f"Sales of twelve months are {amount} yuan, above the small-scale limit of {limit}",
            "Register as a general taxpayer in time; this period can still be filed",
        ),
    )


def exempt_invoices_taxed(amount: str) -> FieldProblem:
    """Invoices issued as exempt, but the threshold was reached."""
    return _problem(
        "exempt_invoices_taxed",
        blocking=False,
        field="ordinary_sales",
        zh=(
            f"有 {amount} 元开了免税发票，本期已达到起征点，按应税计算",
            "如属于其他免税项目（如自产农产品），请更正金额并说明原因",
        ),
        en=(
            f"Invoices for {amount} yuan were issued as exempt, but the threshold is reached, so they are taxed",
            "If another exemption applies (own farm products), correct the amount and say why",
        ),
    )


def real_estate_as_rent(amount: str, field: str) -> FieldProblem:
    """The pool does not say whether real estate was sold or let."""
    return _problem(
        "real_estate_as_rent",
        blocking=False,
        field=field,
        zh=(f"{amount} 元不动产发票按租金带入", "如是卖房卖地，请把金额移到“卖房卖地的销售额”并说明原因"),
        en=(
            f"Real-estate invoices of {amount} yuan were taken as rent",
            "If it was sold, move the amount to “Real estate sold” and say why",
        ),
    )


def threshold_uncertain() -> FieldProblem:
    """A reading of the law that is not confirmed decides the result."""
    return _problem(
        "threshold_uncertain",
        blocking=False,
        zh=("销售不动产是否计入起征点，2026 年口径尚未确认，会影响本期结果", "目前按计入计算；如有疑问请咨询 12366"),
        en=(
            "Whether real estate sold counts towards the threshold is not confirmed for 2026 and changes your result",
            "It is counted for now; ask 12366 when in doubt",
        ),
    )
