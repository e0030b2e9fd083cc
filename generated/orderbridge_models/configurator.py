# Written by `orderbridge generate`, never edit.
# source: openapi/configurator/openapi.yaml
# sha256: 9c37730e45ba895c3deb57a65b3b6c2169221bc191e7613883d0413f1fa86170 (of the bundled contract at level documented, without its examples)
# generator: datamodel-code-generator 0.89.0

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import MISSING, BaseModel, ConfigDict, Field, StrictFloat, StrictStr


class Platform(BaseModel):
    """The order as the e-commerce platform knows it"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    id: StrictStr | None | MISSING = MISSING
    """Number of the order at the platform"""
    platform: StrictStr | MISSING = MISSING
    """Name of the platform"""
    storeName: StrictStr | None | MISSING = MISSING
    """Name of the store at the platform"""


class OrderMetadata(BaseModel):
    """Anything to keep with the order; values may nest"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )


class LegacyItem(BaseModel):
    """A line of the old form, as callers in the wild send it"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    id: Any | MISSING = MISSING
    """The saved configuration"""
    count: Any | MISSING = MISSING
    """How many"""


class ErrorDetail(BaseModel):
    """One member that is wrong"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    path: Any | MISSING = MISSING
    """Where it is, as a JSON Pointer"""
    message: Any | MISSING = MISSING
    """What is wrong with it"""


class CartItem(BaseModel):
    """One saved configuration, and how many of it"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    configurationId: StrictStr
    """The saved configuration"""
    count: StrictFloat
    """How many; nothing says that it is whole"""
    metadata: dict[str, Any] | MISSING = MISSING


class StoredOrder(BaseModel):
    """An order as it is kept"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    id: StrictStr
    """Id of the order"""
    shortId: StrictStr
    """Short id of the order, good wherever the id is"""
    orgId: StrictStr | MISSING = MISSING
    """Organisation that owns the order"""
    originOrgId: StrictStr | MISSING = MISSING
    """Organisation that the order comes from; the owner where the order named none"""
    name: StrictStr | None | MISSING = MISSING
    """What the order is called, null where it has no name"""
    customerId: StrictStr | None | MISSING = MISSING
    """The customer"""
    status: Literal["List", "In Cart", "New", "In Progress", "Complete"] | MISSING = MISSING
    """State of the order; New where nothing is said. Case and spaces count"""
    platform: Platform | MISSING = MISSING
    metadata: OrderMetadata | MISSING = MISSING
    derivative: dict[str, Any] | MISSING = MISSING
    cart: list[CartItem] | MISSING = MISSING
    """The lines; none where only old lines came that could not be read"""
    items: Annotated[list[Any] | MISSING, Field(deprecated=True)] = MISSING
    """What was sent in the old form, well-formed or not"""
    createdAt: Any | MISSING = MISSING
    """When it was stored"""
    updatedAt: Any | MISSING = MISSING
    """When it was last changed"""
    deletedAt: Any | MISSING = MISSING
    """When it was deleted; the record stays"""
    createdBy: Any | MISSING = MISSING
    """Who stored it"""


class Error(BaseModel):
    """No error body is published; a sentence, and one entry for each member that is wrong"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    message: Any | MISSING = MISSING
    """What went wrong"""
    errors: list[ErrorDetail] | MISSING = MISSING
    """The members that are wrong"""


class CreateOrderRequest(BaseModel):
    """What is ordered and where it comes from"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    name: Annotated[StrictStr | MISSING, Field(max_length=255)] = MISSING
    """What the order is called"""
    customerId: StrictStr | None | MISSING = MISSING
    """The customer, by the shop's own id"""
    originOrgId: StrictStr | MISSING = MISSING
    """Organisation that the order comes from, the owner of the products or a reseller; empty where there is none"""
    platform: Platform | MISSING = MISSING
    metadata: OrderMetadata | MISSING = MISSING
    items: Annotated[list[Any] | MISSING, Field(deprecated=True)] = MISSING
    """The old form of the cart. Well-formed lines are copied into the cart and stay here too, others are kept untouched"""
    cart: list[CartItem] | MISSING = MISSING
    """The lines of the order"""
    derivative: dict[str, Any] | MISSING = MISSING
    status: Literal["List", "In Cart", "New", "In Progress", "Complete"] | MISSING = MISSING
    """State of the order; New where nothing is said. Case and spaces count"""
    orgId: StrictStr | MISSING = MISSING
    """Organisation that is to own the order; the token already says so"""


MESSAGES: dict[tuple[str, str], type[BaseModel]] = {
    ("createOrder", "request"): CreateOrderRequest,
    ("createOrder", "200"): StoredOrder,
    ("createOrder", "400"): Error,
    ("createOrder", "401"): Error,
    ("createOrder", "403"): Error,
    ("createOrder", "404"): Error,
    ("createOrder", "405"): Error,
    ("createOrder", "406"): Error,
    ("createOrder", "408"): Error,
    ("createOrder", "409"): Error,
    ("createOrder", "413"): Error,
    ("createOrder", "415"): Error,
    ("createOrder", "422"): Error,
    ("createOrder", "431"): Error,
    ("createOrder", "500"): Error,
    ("createOrder", "503"): Error,
    ("getOrder", "200"): StoredOrder,
    ("getOrder", "400"): Error,
    ("getOrder", "401"): Error,
    ("getOrder", "403"): Error,
    ("getOrder", "404"): Error,
    ("getOrder", "405"): Error,
    ("getOrder", "406"): Error,
    ("getOrder", "408"): Error,
    ("getOrder", "431"): Error,
    ("getOrder", "500"): Error,
    ("getOrder", "503"): Error,
}
"""Operation and `request` or status: the model of each JSON message."""
