"""Makes files that are imported: digital invoices as XML, archives, exports of platforms."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from filing.make import Caller

from palmtax.plumbing.worker import drain


def einvoice(
    number: str,
    seller: str,
    *,
    buyer: str = "91350100M000100Y43",
    lines: tuple[tuple[str, str, str, str], ...] = (("*餐饮服务*餐费", "1000.00", "0.01", "10.00"),),
    total: tuple[str, str, str] | None = None,
    special: bool = False,
    on: str = "2026-08-12 10:11:12",
    remark: str = "",
    more: str = "",
    namespace: str = "",
    classification: str = "3070401000000000000",
) -> bytes:
    """One 数电票: lines are (name, amount, rate, tax) as the file writes them."""
    amount, tax, whole = total or (
        f"{sum(float(line[1]) for line in lines):.2f}",
        f"{sum(float(line[3]) for line in lines):.2f}",
        f"{sum(float(line[1]) + float(line[3]) for line in lines):.2f}",
    )
    label = "<LabelCode>01</LabelCode><LabelName>增值税专用发票</LabelName>"
    if not special:
        label = "<LabelCode>02</LabelCode><LabelName>普通发票</LabelName>"
    items = "".join(
        f"<IssuItemInformation><ItemName>{name}</ItemName><Amount>{worth}</Amount><TaxRate>{rate}</TaxRate>"
        f"<ComTaxAm>{due}</ComTaxAm><TaxClassificationCode>{classification}</TaxClassificationCode></IssuItemInformation>"
        for name, worth, rate, due in lines
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>{more}
<EInvoice{namespace}><Header><EIid>{number}</EIid><InherentLabel><EInvoiceType><LabelCode>01</LabelCode></EInvoiceType>
<GeneralOrSpecialVAT>{label}</GeneralOrSpecialVAT></InherentLabel></Header><EInvoiceData>
<SellerInformation><SellerIdNum>{seller}</SellerIdNum><SellerName>小满面馆</SellerName></SellerInformation>
<BuyerInformation><BuyerIdNum>{buyer}</BuyerIdNum><BuyerName>云山学校</BuyerName></BuyerInformation>
<BasicInformation><TotalAmWithoutTax>{amount}</TotalAmWithoutTax><TotalTaxAm>{tax}</TotalTaxAm>
<TotalTax-includedAmount>{whole}</TotalTax-includedAmount><RequestTime>{on}</RequestTime></BasicInformation>
{items}<AdditionalInformation><Remark>{remark}</Remark></AdditionalInformation></EInvoiceData>
<TaxSupervisionInfo><InvoiceNumber>{number}</InvoiceNumber><IssueTime>{on}</IssueTime></TaxSupervisionInfo>
</EInvoice>""".encode()


def zipped(*files: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", method) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return held.getvalue()


HEADER = "发票号码,开票日期,发票类型,购买方名称,商品名称,不含税金额,征收率,税额,被红冲发票号码"


def csv_of(*rows: str, header: str = HEADER) -> bytes:
    """A platform's export in UTF-8."""
    return "\r\n".join((header, *rows)).encode()


async def upload(who: Caller, content: bytes, kind: str, name: str = "file") -> Any:
    """Hand in a file."""
    return await who(
        "POST", "/invoice/imports", files={"file": (name, content, "application/octet-stream")}, data={"kind": kind}
    )


async def imported(
    who: Caller, task_context: Any, content: bytes, kind: str, name: str = "file"
) -> tuple[Any, list[Any]]:
    """Hand in a file, let the worker read it: the import and its rows."""
    answer = await upload(who, content, kind, name)
    assert answer.status_code == 202, answer.text
    assert answer.json()["state"] == "queued"
    await drain(task_context)
    return await result(who, answer.json()["import_id"])


async def result(who: Caller, import_id: str) -> tuple[Any, list[Any]]:
    """An import and all its rows in order of the file."""
    done = await who.ok("GET", f"/invoice/imports/{import_id}")
    rows, cursor = [], ""
    while cursor is not None:
        page = await who.ok("GET", f"/invoice/imports/{import_id}/rows?limit=200{cursor}")
        rows += page["rows"]
        cursor = f"&cursor={page['next_cursor']}" if page["next_cursor"] else None
    return done, sorted(rows, key=lambda row: row["row_no"])
