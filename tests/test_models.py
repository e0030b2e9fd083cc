"""The generated models: they read every example, give the same JSON back, and can be built by a typed user."""

from __future__ import annotations

import json
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from orderbridge import jsontext, pointer
from orderbridge.contract import references
from orderbridge.contract.catalogue import catalogue
from orderbridge.generate import module_name
from orderbridge.sample.make import Maker
from orderbridge_models import canonical, ccagent, configurator, fabric, placeorder, unisouk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pydantic import BaseModel

    from orderbridge.contract.dialect import Direction

CATALOGUE = catalogue()
NAMES = [*(entry.name for entry in CATALOGUE.partners), "_canonical"]


def models(name: str) -> Mapping[tuple[str, str], type[BaseModel]]:
    """Give the models of a contract's messages."""
    found: Mapping[tuple[str, str], type[BaseModel]] = import_module(f"orderbridge_models.{module_name(name)}").MESSAGES
    return found


def messages(name: str) -> Iterator[tuple[str, str, str]]:
    """Yield operation, `request` or status, and pointer of the media type object of each JSON message."""
    for operation in CATALOGUE.contract(name).operations.values():
        bodies = {"request": operation.request} if operation.request is not None else {}
        for message, body in (bodies | dict(operation.responses)).items():
            yield from (
                (operation.id, message, schema.removesuffix("/schema"))
                for media_type, schema in body.content.items()
                if schema is not None and "json" in media_type
            )


def examples(name: str) -> Iterator[tuple[str, str, str, Any]]:
    """Yield operation, `request` or status, name and value of each JSON example."""
    document = CATALOGUE.contract(name).document
    for operation, message, media_type in messages(name):
        for example in pointer.get(document, media_type).get("examples", {}):
            where = f"{media_type}/examples/{pointer.escape(example)}"
            yield operation, message, example, references.resolve(document, where)[1]["value"]


EXAMPLES = [
    pytest.param(name, operation, message, value, id=f"{name}-{operation}-{message}-{example}")
    for name in NAMES
    for operation, message, example, value in examples(name)
]


def dumped(model: BaseModel) -> Any:
    return json.loads(model.model_dump_json(by_alias=True))


def plain(value: Any) -> Any:
    """Give a JSON value with every number as a float, so that only truth values are equal to truth values."""
    if isinstance(value, dict):
        return {member: plain(each) for member, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    if value is None or isinstance(value, bool | str):
        return (type(value).__name__, value)
    return float(value)


def extras(**members: Any) -> dict[str, Any]:
    """Give members that the contract does not name."""
    return members


@pytest.mark.parametrize("name", NAMES)
def test_every_json_message_has_a_model(name: str) -> None:
    assert {(operation, message) for operation, message, _ in messages(name)} == models(name).keys()


@pytest.mark.parametrize(("name", "operation", "message", "value"), EXAMPLES)
def test_an_example_comes_back_as_it_went_in(name: str, operation: str, message: str, value: Any) -> None:
    model = models(name)[operation, message]
    assert plain(dumped(model.model_validate_json(jsontext.write(value)))) == plain(value)
    assert plain(dumped(model.model_validate(json.loads(jsontext.write(value))))) == plain(value)


@pytest.mark.parametrize("name", NAMES)
def test_made_messages_come_back_as_they_went_in(name: str) -> None:
    for operation, message, media_type in messages(name):
        direction: Direction = "request" if message == "request" else "response"
        maker = Maker(CATALOGUE.contract(name).at("documented"), direction)
        for seed in range(10):
            value = maker.make(f"{media_type}/schema", seed)
            model = models(name)[operation, message].model_validate_json(jsontext.write(value))
            assert plain(dumped(model)) == plain(value)


def test_an_unknown_member_is_kept() -> None:
    order = unisouk_order().model_copy(update=extras(giftWrap={"paper": "blue"}))
    read = unisouk.CreateOrderRequest.model_validate_json(order.model_dump_json())
    assert read.model_extra == {"giftWrap": {"paper": "blue"}}
    assert read == order


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("pincode", "380001"),
        ("pincode", True),
        ("city", 5),
        ("city", None),
        ("isShippingSame", 1),
        ("country", ["india"]),
    ],
)
def test_a_value_of_another_type_is_refused_rather_than_converted(member: str, value: Any) -> None:
    order = dumped(unisouk_order())
    order["buyerInfo"][member] = value
    with pytest.raises(ValidationError):
        unisouk.CreateOrderRequest.model_validate_json(json.dumps(order))


def test_a_member_that_was_not_set_is_not_written() -> None:
    assert dumped(unisouk.Address.model_construct(city="ahemdabad")) == {"city": "ahemdabad"}


def canonical_order() -> canonical.Order:
    return canonical.Order(
        number="309019176",
        name="Winter bundle",
        refs=[canonical.Reference(row="refs/0", type="purchase_order", value="PO-7781")],
        operation="create",
        placed_at="2025-03-25T11:50:23.888Z",
        status="created",
        status_text="Order created",
        locale="en-US",
        currency="USD",
        cart_id="cart-5521",
        channel=canonical.Channel(id="12", type="web", subtype="International"),
        agent_id="43278",
        seller=canonical.Seller(site_id="siteUS", org_id="org-100", origin_org_id="org-200"),
        buyer=canonical.Buyer(
            id="se-570032",
            account_id="acc-9",
            username="johnd",
            given="John",
            middle="M",
            family="Doe",
            company="Doe Ltd",
            email="john@example.com",
            phone="+15555550100",
            extra=canonical.ContactExtra(prefix="Mr", job_title="Buyer", phone_kind="mobile"),
        ),
        bill_to=canonical.Contact(
            name="Doe Ltd, Accounts",
            street=[canonical.StreetItem("1 Main Street"), canonical.StreetItem("Suite 4")],
            city="Beaumont",
            region="TX",
            region_code="US-TX",
            postal_code="77705",
            country="US",
        ),
        shipments=[
            canonical.Shipment(
                row="shipments/0",
                id="sg10008",
                kind="ship",
                method="Express Delivery",
                to=canonical.Contact(
                    given="Jane",
                    family="Doe",
                    phone="6175550101",
                    street=[canonical.StreetItem("2 Hill Road")],
                    city="Boston",
                    region="Massachusetts",
                    region_code="US-MA",
                    postal_code="02134",
                    country="US",
                ),
                instructions="Ring twice",
                same_as_buyer=False,
            ),
            canonical.Shipment(
                row="shipments/1",
                kind="pickup",
                to=canonical.Contact(name="John Doe", email="john@example.com"),
                from_=canonical.Contact(
                    company="Store 183",
                    street=[canonical.StreetItem("9 Pike Place")],
                    city="Seattle",
                    region="WA",
                    region_code="US-WA",
                    postal_code="98101",
                    country="US",
                ),
            ),
        ],
        lines=[
            canonical.Line(
                row="lines/0",
                shipment="shipments/0",
                id="ci19000424",
                product_id="prod-10",
                sku="SKU-10",
                category_id="11111",
                configurator_id="12343455",
                name="Coffee set",
                quantity="1",
                unit="EA",
                unit_price=canonical.Money(amount="120.00"),
                total=canonical.Money(amount="120.00"),
                inputs=canonical.Attributes.model_validate({"color": "red", "message": "For Jane"}),
                attributes=canonical.Attributes.model_validate({"gift": True}),
            ),
            canonical.Line(
                row="lines/1",
                parent="lines/0",
                shipment="shipments/0",
                id="ci19000425",
                product_id="prod-11",
                sku="SKU-11",
                option=canonical.LineOption(property_id="conf022", option_id="confO_12"),
                name="Grinder",
                quantity="1",
                unit="EA",
                unit_price=canonical.Money(amount="0"),
                price_override=canonical.Money(amount="0"),
            ),
            canonical.Line(
                row="lines/2", parent="lines/0", shipment="shipments/0", sku="SKU-12", name="Cup", quantity="6"
            ),
            canonical.Line(
                row="lines/3", parent="lines/2", shipment="shipments/0", sku="SKU-13", name="Saucer", quantity="1"
            ),
            canonical.Line(
                row="lines/4",
                shipment="shipments/1",
                sku="SKU-20",
                configuration_id="0f0a2b1c-9d4e-4f7a-8b6c-1d2e3f405162",
                name="Beans, loose",
                quantity="2.5",
                unit="KGM",
                unit_price=canonical.Money(amount="10.756"),
                total=canonical.Money(amount="26.89"),
            ),
        ],
        payments=[
            canonical.Payment(
                row="payments/0",
                method="gift_card",
                plan="regular",
                amount=canonical.Money(amount="50"),
                status="authorized",
                reference="**** 8812",
            ),
            canonical.Payment(
                row="payments/1",
                method="card",
                plan="instalments",
                amount=canonical.Money(amount="82.1", currency="EUR"),
                status="pending",
                provider="stripe",
                reference="3456",
                bill_to=canonical.Contact(name="Jane Doe", country="IE"),
            ),
        ],
        adjustments=[
            canonical.Adjustment(
                row="adjustments/0",
                kind="discount",
                type="promotion",
                id="promo-1",
                code="HNY2022",
                title="Happy New Year",
                level="order",
                amount=canonical.Money(amount="12"),
                state="claimed",
            ),
            canonical.Adjustment(
                row="adjustments/1",
                kind="fee",
                type="gift_wrap",
                level="line",
                line="lines/0",
                amount=canonical.Money(amount="3.5"),
            ),
            canonical.Adjustment(
                row="adjustments/2",
                kind="shipping",
                type="express",
                level="shipping",
                amount=canonical.Money(amount="9.99"),
            ),
            canonical.Adjustment(
                row="adjustments/3", kind="tax", type="sales_tax", level="order", amount=canonical.Money(amount="11.72")
            ),
        ],
        totals=canonical.Totals(
            subtotal=canonical.Money(amount="146.89"),
            discount=canonical.Money(amount="12"),
            fulfillment=canonical.Money(amount="9.99"),
            fee=canonical.Money(amount="3.5"),
            tax=canonical.Money(amount="11.72"),
            total=canonical.Money(amount="160.10"),
        ),
        notes=[canonical.Note(row="notes/0", text="Customer called twice", author="43278")],
        attributes=canonical.Attributes.model_validate(
            {"source": "newsletter", "scores": [1, 2.5], "nested": {"a": None}}
        ),
    )


def ccagent_order() -> ccagent.CreateOrderRequest:
    return ccagent.CreateOrderRequest(
        op="createOrder",
        profileId="se-570032",
        requestChannel="agent",
        shippingAddress=ccagent.Address(
            firstName="Mark",
            middleName="",
            lastName="Spencers",
            prefix="",
            suffix="",
            jobTitle="",
            companyName="",
            address1="600 Dexter Avenue",
            address2="",
            address3="",
            city="Montgomery",
            county="",
            state="AL",
            postalCode="36130",
            country="US",
            phoneNumber="973-974-1234",
            faxNumber="",
            email="",
            selectedCountry="US",
            selectedState="AL",
            state_ISOCode="US-AL",
            DEFAULT_POSTAL_CODE_PATTERN="^[0-9a-zA-Z]{1,}([ -][0-9a-zA-Z]{1,})?$",
        ),
        shippingMethod=ccagent.ShippingMethod(value="standardShippingMethod"),
        shoppingCart=ccagent.ShoppingCart(
            coupons=[
                ccagent.Coupon(
                    code="SAVE5PERCENTON100",
                    level="order",
                    description="Order Discount - SAVE5%ON100 - Coupon",
                    id="explicitOrderDiscount5on100",
                    status="unclaimed",
                )
            ],
            items=[
                ccagent.CartItem(
                    productId="Product_18Cyii",
                    catRefId="Sku_18Dxy",
                    quantity=1,
                    configuratorId="12343455",
                    childItems=[
                        ccagent.CartItem(
                            productId="prod40001",
                            catRefId="sku40001",
                            quantity="1",
                            commerceItemId="ci19000424",
                            displayName="Laptop Parts 1",
                            addOnItem=False,
                            externalData=[],
                            childItems=[
                                ccagent.CartItem(
                                    productId="prod40001",
                                    catRefId="sku40009",
                                    quantity="1",
                                    displayName="Laptop Parts 1",
                                    externalData=[],
                                    currentPrice=0,
                                    stockStatus=True,
                                    invalid=False,
                                    asset=False,
                                    priceListGroupId="defaultPriceGroup",
                                    assetId="asset10001",
                                    assetKey=None,
                                    rootAssetKey=None,
                                    parentAssetKey=None,
                                    serviceId="service-123",
                                    serviceAccountId="serviceAcc-123",
                                    customerAccountId="customerAcc-123",
                                    billingAccountId="billingAcc-123",
                                    billingProfileId="billingProfile-123",
                                    activationDate="2017-06-27T15:30:00Z",
                                    deactivationDate="2018-06-27T12:59:59Z",
                                    transactionDate="2018-06-27T12:59:59Z",
                                    actionCode="Add",
                                )
                            ],
                            currentPrice=0,
                            stockStatus=True,
                            invalid=False,
                            asset=False,
                            priceListGroupId="defaultPriceGroup",
                            assetId="asset10001",
                            assetKey=None,
                            rootAssetKey=None,
                            parentAssetKey=None,
                            serviceId="service-123",
                            serviceAccountId="serviceAcc-123",
                            customerAccountId="customerAcc-123",
                            billingAccountId="billingAcc-123",
                            billingProfileId="billingProfile-123",
                            activationDate="2017-06-27T15:30:00Z",
                            deactivationDate="2018-06-27T12:59:59Z",
                            transactionDate="2018-06-27T12:59:59Z",
                            actionCode="Add",
                        ),
                        ccagent.CartItem(
                            productId="prod12344",
                            catRefId="sku12344",
                            quantity=1,
                            commerceItemId="ci19000424",
                            displayName="Gift Wrap",
                            addOnItem=True,
                            configurablePropertyId="conf022",
                            configurationOptionId="confO_12",
                            shopperInput={"color": "neon", "message": "Happy Birthday My Friend", "font": "courier"},
                        ),
                    ],
                    externalPrice="722.0",
                    externalPriceQuantity=-1,
                    externalRecurringCharge=20,
                    externalRecurringChargeFrequency="Monthly",
                    externalRecurringChargeDuration="12",
                    currentPrice=0,
                    onSale=True,
                    stockStatus=True,
                    asset=False,
                    assetId="asset10001",
                    assetKey=None,
                    rootAssetKey=None,
                    parentAssetKey=None,
                    serviceId="service-123",
                    serviceAccountId="serviceAcc-123",
                    customerAccountId="customerAcc-123",
                    billingAccountId="billingAcc-123",
                    billingProfileId="billingProfile-123",
                    activationDate="2017-06-27T15:30:00Z",
                    deactivationDate="2018-06-27T12:59:59Z",
                    transactionDate="2018-06-27T12:59:59Z",
                    actionCode="Add",
                )
            ],
        ),
        **extras(dynamicPropertyShippingInstructions="Test Instructions"),
    )


def configurator_order() -> configurator.CreateOrderRequest:
    return configurator.CreateOrderRequest(
        name="Oak desk and two chairs",
        customerId="8e1c7a52-3f4b-4d0e-9a6b-5c2d7f10e934",
        originOrgId="b8a1abcd-1a69-46c7-8da4-f9fc3c6da5d7",
        platform=configurator.Platform(id="1001", platform="shopify", storeName="Desks and More"),
        metadata=configurator.OrderMetadata.model_validate({"Finish": "Oak", "Legs": "Steel"}),
        cart=[
            configurator.CartItem(
                configurationId="8ca59966-66ce-4b36-8512-bd1311072231", count=1, metadata={"engraving": "For Ada"}
            ),
            configurator.CartItem(
                configurationId="fd724452-ccea-41ff-8a14-876aeaff1a09",
                count=2,
                metadata={"seat": "Leather", "height": 46},
            ),
        ],
        derivative={},
        status="New",
        orgId="b8a1abcd-1a69-46c7-8da4-f9fc3c6da5d7",
    )


def fabric_order() -> fabric.OrderRequest:
    return fabric.OrderRequest(
        orderNumber="309019176",
        orderDate="2022-05-12T09:30:31.198Z",
        channelId="12",
        cartId="b03b72dc-78d8-4ea4-90fc-2fe6a1fe6569",
        type="WEB",
        subType="International",
        employeeId="43278",
        retail=fabric.Retail(locationNum=123, cashierId="C-123", registerId="113", transactionId="R123-431-1133-2129"),
        orderSubTotal=123.45,
        orderDiscount=1.23,
        feeTotal=12.34,
        taxTotal=12.34,
        orderTotal=146.9,
        currency="USD",
        statusCode="ORDER_CREATED",
        statusDescription="Order created",
        attributes=fabric.Attributes.model_validate(
            {"source": "spring-catalogue", "loyaltyPoints": 120, "giftWrap": {"wanted": True, "paper": "blue"}}
        ),
        fees=[fabric.OrderFee(type="shipping", value=34.56, invoiceValue=34.56)],
        discounts=[
            fabric.DiscountRequest(
                quantity=2,
                amount=2.4,
                unit="AMOUNT_OFF",
                value=2,
                promoId="HNY2022",
                promoCode="HNY2022",
                promoTitle="Happy New Year",
                type="promotion",
            )
        ],
        customer=fabric.Customer(
            name=fabric.PersonName(first="John", middle="Middle", last="Doe"),
            email="john.doe@example.com",
            phone=fabric.Phone(number="55555555555", type="MOBILE"),
            userId="61f2a3b4c5d6e7f809182736",
            accountId="61f2a3b4c5d6e7f809182737",
            employeeId="61f2a3b4c5d6e7f809182738",
            company="fabric",
        ),
        payments=[
            fabric.PaymentRequest(
                paymentCounter=1,
                paymentDate="2022-01-27T16:15:58-05:00",
                billToId="61f2a3b4c5d6e7f809182739",
                paymentIdentifier=fabric.PaymentIdentifier(
                    cardIdentifier="3456",
                    expirationYear="2029",
                    expirationMonth="02",
                    paymentId="61f2a3b4c5d6e7f80918273a",
                    fabricPaymentReference="fab3456",
                ),
                paymentProvider="stripe",
                paymentToken=fabric.PaymentToken(token="pi_example_0001", paymentType="VISA"),
                paymentMethod="CREDIT_CARD",
                authAmount=123.45,
                chargedAmount=60,
                currency="USD",
                conversion=1,
                paymentStatus="AUTHORIZED",
                authExpirationDate="2022-02-03T16:15:58-05:00",
                billToAddress=fabric.Address(
                    name=fabric.PersonName(first="John", middle="Middle", last="Doe"),
                    email="john.doe@example.com",
                    phone=fabric.Phone(number="55555555555", type="MOBILE"),
                    address1="123 Main Street",
                    address2="Suite 100",
                    address3="Third floor",
                    address4="Door 4",
                    city="Beaumont",
                    state="TX",
                    country="USA",
                    postalCode="77705",
                    type="residence",
                    latitude=30.086,
                    longitude=32.29,
                ),
                attributes=fabric.Attributes.model_validate({"installments": 1}),
            )
        ],
        items=[
            fabric.ItemRequest(
                lineItemId="8b9d2c4e-17f3-4a60-b5d8-6c3e9f01a742",
                lineItemNumber=1,
                itemId="1234",
                sku="P1234",
                shipToId="5f1c8a52-9d3e-4b7a-8c61-2e0b94d7a315",
                channelId="WHBM",
                segment="P1234",
                vendorId="P1234",
                title="Item",
                type="WEB_SHIP",
                subType="Borderfree",
                backorder=True,
                orderedQuantity=60,
                uom="EA",
                itemUnitPrice=10,
                itemSubTotal=600,
                itemFeeTotal=5,
                itemDiscountsTotal=55,
                itemTaxTotal=5,
                itemTotal=555,
                currency="USD",
                employeeId="5345HJH",
                associateId="5345HJH",
                fees=[fabric.ItemFeeRequest(type="tax", value=34.56)],
                taxCode="FR01",
                taxDetail=[fabric.TaxDetail(type="tax", value=34.56)],
                discounts=[
                    fabric.DiscountRequest(
                        quantity=2,
                        amount=2.4,
                        unit="AMOUNT_OFF",
                        value=2,
                        promoId="HNY2022",
                        promoCode="HNY2022",
                        promoTitle="Happy New Year",
                        type="promotion",
                    )
                ],
                attributes=fabric.Attributes.model_validate({"engraving": "J.D."}),
                notes=[fabric.Note(timestamp="2022-05-12T09:35:00.000Z", user="43278", notes="Handle with care.")],
            )
        ],
        shipInfo=[
            fabric.ShipInfo(
                shipToId="5f1c8a52-9d3e-4b7a-8c61-2e0b94d7a315",
                taxCode="FR01",
                locationNum="123",
                pickup=[
                    fabric.PickupPerson(
                        name=fabric.PersonName(first="John", middle="Middle", last="Doe"),
                        email="john.doe@example.com",
                        phone=fabric.Phone(number="55555555555", type="MOBILE"),
                        pickupType="Primary",
                    )
                ],
                shipToAddress=fabric.Address(
                    name=fabric.PersonName(first="John", middle="Middle", last="Doe"),
                    email="john.doe@example.com",
                    phone=fabric.Phone(number="55555555555", type="MOBILE"),
                    address1="123 Main Street",
                    address2="Suite 100",
                    address3="Third floor",
                    address4="Door 4",
                    city="Beaumont",
                    state="TX",
                    country="USA",
                    postalCode="77705",
                    type="residence",
                    latitude=30.086,
                    longitude=32.29,
                ),
                taxDetail=[fabric.TaxDetail(type="tax", value=34.56)],
                shipMethod="Express Delivery",
                shipToType="SHIP_TO_ADDRESS",
                estimatedShipDate="2022-05-13T09:30:31.198Z",
                estimatedDeliveryDate="2022-05-16T09:30:31.198Z",
                shipToPrice=20,
                shipToDiscount=12.6,
                shipToTaxTotal=12.6,
                shipmentInstructions="User instructions",
                attributes=fabric.Attributes.model_validate({"isOpenBox": False, "isOTPDElivery": True}),
            )
        ],
        notes=[fabric.Note(timestamp="2022-05-12T09:35:00.000Z", user="43278", notes="Called to confirm the address.")],
    )


def placeorder_order() -> placeorder.PlaceOrderRequest:
    return placeorder.PlaceOrderRequest(
        conversationRequest=placeorder.ConversationRequest(
            channel="TELEGRAM",
            userInfo=placeorder.UserInfo(
                first_name="vignesh", last_name="m", username="vigneshm", uid="vigneshm@deloitte.com"
            ),
        ),
        queryInfo=placeorder.PlaceOrderQuery(
            interestType="createOrder",
            parameters=placeorder.PlaceOrderParameters(
                params=placeorder.PlaceOrderParams(
                    entityInfo=placeorder.OrderedEntity(
                        items=[
                            placeorder.LineItem(productId="12345", Quantity="1", categoryId="11111"),
                            placeorder.LineItem(productId="24680", Quantity="5", categoryId="22222"),
                        ]
                    ),
                    paymentInfo=placeorder.PaymentInfo(
                        paymentType="credit card", amount=50000, paymentMode="regular/emi/pay later"
                    ),
                )
            ),
        ),
        languageCode="en",
        response=placeorder.ReplyPlaceholder(),
    )


def unisouk_order() -> unisouk.CreateOrderRequest:
    return unisouk.CreateOrderRequest(
        cartId="33863324215067648",
        customerId="33864324216707648",
        channelType="DEFAULT",
        paymentMethod="COD",
        buyerInfo=unisouk.BuyerInfo(
            firstName="Priya",
            lastName="Patel",
            address="78 Ghandhi Road",
            city="ahemdabad",
            pincode=380001,
            state="gujarat",
            country="india",
            email="abc@gmail.com",
            phone="9876543210",
            isShippingSame=False,
        ),
        shippingDetail=unisouk.ShippingDetail(
            firstName="Priya",
            lastName="Patel",
            address="78 Ghandhi Road",
            city="ahemdabad",
            pincode=380001,
            state="gujarat",
            country="india",
            email="abc@gmail.com",
            phone="9876543210",
        ),
        address=unisouk.Address(
            name="Piya",
            address="78 Ghandhi Road",
            city="ahemdabad",
            pincode=380001,
            state="gujarat",
            country="india",
            email="abc@gmail.com",
            phone="9876543210",
        ),
        extraData=unisouk.ExtraData(),
    )


BUILT: dict[str, Callable[[], BaseModel]] = {
    "_canonical": canonical_order,
    "ccagent": ccagent_order,
    "configurator": configurator_order,
    "fabric": fabric_order,
    "placeorder": placeorder_order,
    "unisouk": unisouk_order,
}


@pytest.mark.parametrize("name", NAMES)
def test_a_typed_user_can_build_the_main_example(name: str) -> None:
    example = CATALOGUE.contract(name).folder / "examples" / "createOrder.request.main.json"
    assert plain(dumped(BUILT[name]())) == plain(jsontext.read(example.read_bytes())[0])
