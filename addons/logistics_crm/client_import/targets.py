"""What a column can be read into, and the headings by which it is known."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What the rows of a sheet are."""

    CUSTOMER = "customer"
    CONTACT = "contact"
    LANE = "lane"


@dataclass(frozen=True, slots=True)
class Target:
    """A field to read into; `type` tells how its cells are read.

    Headings are lower case; the first English and the first Chinese one are those of
    the template.
    """

    type: str
    headings: tuple[str, ...]


def _headings(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("|"))


# The client that a contact or a lane belongs to, by any of these.
KEY_FIELDS = ("client_ref", "client_vat", "client_name")
_CLIENT = {
    "client_ref": Target(
        "text",
        _headings(
            "customer number | 客户编号 | customer no | customer code | client number"
            " | client code | account number | 客户代码 | 客户号"
        ),
    ),
    "client_vat": Target(
        "tax", _headings("customer tax number | 客户税号 | client vat | customer vat")
    ),
    "client_name": Target(
        "text",
        _headings(
            "customer | 客户 | customer name | client | client name | company"
            " | company name | account | account name | 客户名称 | 公司 | 公司名称"
        ),
    ),
}
TARGETS: Mapping[Kind, Mapping[str, Target]] = {
    Kind.CUSTOMER: {
        "name": Target(
            "text",
            _headings(
                "name | 客户名称 | customer | customer name | client | client name"
                " | company | company name | account | account name | firm | 客户"
                " | 名称 | 公司 | 公司名称 | 企业名称"
            ),
        ),
        "ref": Target(
            "text",
            _headings(
                "customer number | 客户编号 | customer no | customer code | reference"
                " | ref | client number | client code | account number | debtor number"
                " | 编号 | 客户代码 | 客户号"
            ),
        ),
        "vat": Target(
            "tax",
            _headings(
                "tax number | 统一社会信用代码 | tax id | vat | vat number | vat id"
                " | vat no | tax no | uscc | unified social credit code | 税号"
                " | 纳税人识别号 | 社会信用代码"
            ),
        ),
        "phone": Target(
            "phone",
            _headings(
                "phone | 电话 | telephone | tel | phone number | 电话号码 | 联系电话"
            ),
        ),
        "email": Target(
            "email", _headings("email | 邮箱 | e-mail | mail | 电子邮件 | 电子邮箱")
        ),
        "website": Target(
            "text", _headings("website | 网站 | web | homepage | url | 网址")
        ),
        "street": Target(
            "text", _headings("street | 街道 | address | street 1 | address 1 | 地址")
        ),
        "street2": Target(
            "text", _headings("street 2 | 地址2 | address 2 | address line 2")
        ),
        "zip": Target(
            "text", _headings("zip | 邮编 | postcode | postal code | zip code")
        ),
        "city": Target("text", _headings("city | 城市 | town | place")),
        "state_id": Target(
            "state", _headings("state | 省份 | province | region | 省 | 州")
        ),
        "country_id": Target(
            "country", _headings("country | 国家 | country code | 国家代码")
        ),
        "user_id": Target(
            "user",
            _headings(
                "salesperson | 销售员 | owner | sales rep | account manager | sales"
                " | 业务员 | 负责人 | 客户经理"
            ),
        ),
        "industry_id": Target("industry", _headings("industry | 行业 | sector")),
        "logistics_role_ids": Target(
            "roles", _headings("roles | 角色 | role | freight roles | 客户类型")
        ),
        "logistics_scale": Target("scale", _headings("scale | 规模 | size | 公司规模")),
        "logistics_cooperation": Target(
            "cooperation", _headings("cooperation | 合作程度 | 合作")
        ),
        "logistics_service_needed_ids": Target(
            "services",
            _headings("services needed | 所需服务 | services | service | 服务"),
        ),
        "logistics_stage_id": Target(
            "stage", _headings("stage | 阶段 | lifecycle stage | 生命周期阶段")
        ),
        "logistics_tier_id": Target("tier", _headings("tier | 等级 | value tier")),
        "logistics_contract_renewal_date": Target(
            "date", _headings("contract renewal | 合同续签日期 | 合同到期日")
        ),
        "comment": Target(
            "text", _headings("notes | 备注 | note | remarks | comment | remark")
        ),
    },
    Kind.CONTACT: {
        **_CLIENT,
        "name": Target(
            "text",
            _headings(
                "contact | 联系人 | contact name | contact person | name | full name"
                " | person | 姓名 | 联系人姓名"
            ),
        ),
        "function": Target(
            "text",
            _headings("job position | 职位 | function | job title | title | 职务"),
        ),
        "email": Target(
            "email", _headings("email | 邮箱 | e-mail | mail | 电子邮件 | 电子邮箱")
        ),
        "phone": Target(
            "phone",
            _headings(
                "phone | 电话 | telephone | tel | mobile | mobile phone | phone number"
                " | 手机 | 电话号码 | 联系电话 | 手机号"
            ),
        ),
        "comment": Target(
            "text", _headings("notes | 备注 | note | remarks | comment | remark")
        ),
    },
    Kind.LANE: {
        **_CLIENT,
        "origin_id": Target(
            "location",
            _headings(
                "origin | 起运地 | from | pol | port of loading | origin port | 起运港"
                " | 装货港 | 始发地"
            ),
        ),
        "destination_id": Target(
            "location",
            _headings(
                "destination | 目的地 | to | pod | port of discharge"
                " | destination port | 目的港 | 卸货港"
            ),
        ),
        "mode_id": Target(
            "mode", _headings("mode | 运输方式 | transport mode | mode of transport")
        ),
        "container_type_id": Target(
            "container",
            _headings("equipment | 箱型 | container | container type | 柜型"),
        ),
        "incoterm_id": Target(
            "incoterm", _headings("incoterm | 贸易条款 | incoterms | terms | 贸易术语")
        ),
        "commodity_id": Target(
            "commodity", _headings("commodity | 货物品名 | goods | cargo | 品名 | 货物")
        ),
        "yearly_volume": Target(
            "number",
            _headings(
                "yearly volume | 年货量 | volume | annual volume | volume per year"
                " | 年货运量 | 货量"
            ),
        ),
        "volume_unit": Target("unit", _headings("unit | 单位 | volume unit")),
        "target_price": Target("number", _headings("target price | 目标价 | price")),
        "currency_id": Target("currency", _headings("currency | 币种 | 货币")),
        "share_of_wallet": Target(
            "number", _headings("our share (%) | 我司份额 | our share | share | 份额")
        ),
        "note": Target(
            "text", _headings("notes | 备注 | note | remarks | comment | remark")
        ),
    },
}
REQUIRED: Mapping[Kind, tuple[tuple[str, ...], ...]] = {
    Kind.CUSTOMER: (("name",),),
    Kind.CONTACT: (KEY_FIELDS, ("name",)),
    Kind.LANE: (KEY_FIELDS, ("origin_id",), ("destination_id",)),
}


def missing_targets(kind: Kind, mapped: Collection[str]) -> list[tuple[str, ...]]:
    """Return the required fields that no column is read into; one of each is enough."""
    return [group for group in REQUIRED[kind] if not set(group) & set(mapped)]
