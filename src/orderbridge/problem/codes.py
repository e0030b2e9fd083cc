"""The registry of every problem code there is.

The codes are public: kebab-case, never reused, each explained once, from which `orderbridge explain` and
`docs/problems.md` are rendered.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Code:
    """What a problem code means: a title, why it matters, how to fix it."""

    title: str
    why: str
    fix: str


CODES: Final[dict[str, Code]] = {
    "any-of": Code(
        "No alternative fits",
        "The contract lists alternatives (`anyOf`), and the value fits none of them, nor is one of them clearly meant.",
        "Make the value fit one of the alternatives in the contract at `schema_pointer`.",
    ),
    "body-missing": Code(
        "No body",
        "The contract asks for a body in this message, and the recording shows that there was none.",
        "Send the body, or say in the contract that it may be left out.",
    ),
    "body-refused": Code(
        "A body that breaks its schema",
        "The body is of a media type other than JSON, and openapi-core finds that it does not keep its schema.",
        "Send a body that keeps the schema of its media type.",
    ),
    "bom": Code(
        "Byte order mark",
        "JSON text must not start with a byte order mark (RFC 8259, section 8.1); many readers refuse it.",
        "Save the file as UTF-8 without a byte order mark.",
    ),
    "duplicate-key": Code(
        "A member name twice in one object",
        "Readers disagree on which of the two values counts, so the receiver may act on the other one.",
        "Remove or rename one of the two members.",
    ),
    "empty": Code(
        "Nothing there",
        "The document has no text, or only white space.",
        "Send a JSON document.",
    ),
    "enum": Code(
        "Value not listed",
        "The contract lists the allowed values, and this is none of them. Case and spaces count.",
        "Send one of the listed values.",
    ),
    "exclusive-maximum": Code(
        "Number too large",
        "The contract asks for a number below a limit; the limit itself is refused too.",
        "Send a smaller number.",
    ),
    "exclusive-minimum": Code(
        "Number too small",
        "The contract asks for a number above a limit; the limit itself is refused too.",
        "Send a larger number.",
    ),
    "format": Code(
        "Text in another format",
        "The contract names a format (a date, an e-mail address, a UUID …) that the text does not have.",
        "Send the text in the named format.",
    ),
    "har-malformed": Code(
        "Not as the HAR format has it",
        "The recording is JSON, but this entry lacks what the HAR format requires, or has it in another type; the "
        "exchange cannot be judged.",
        "Record it again, or take the entry out.",
    ),
    "lint-array-without-items": Code(
        "Array without `items`",
        "OpenAPI 3.0 asks every array schema to say what its elements are; tools differ where one does not.",
        "Add `items`, `{}` if anything is allowed.",
    ),
    "lint-behaviour-document": Code(
        "The behaviour cannot be used",
        "The file that says what the reference server does is not acceptable YAML, or something in it means nothing; "
        "the message says what would be right.",
        "Mend it at the place shown; nothing else of it is checked before.",
    ),
    "lint-behaviour-fixture": Code(
        "A fixture that breaks the contract",
        "The reference server hands its fixtures out as they are, and the contract has a schema for such a record.",
        "Let the fixture keep the schema that its kind of record names.",
    ),
    "lint-behaviour-path": Code(
        "The behaviour speaks of something that is not there",
        "The contract declares no such member, parameter or place, or the behaviour finds or makes nothing of that "
        "name: nothing would ever be read there, and nothing that is written there would be sent.",
        "Name what the contract declares, or what the behaviour finds or makes.",
    ),
    "lint-behaviour-unserved": Code(
        "An operation without behaviour",
        "The behaviour says nothing of this operation, so that the reference server answers it like a mock: with an "
        "example, whatever was created before.",
        "Say what the operation does.",
    ),
    "lint-behaviour-value": Code(
        "A constant that the contract does not take",
        "The behaviour writes a value that the contract does not allow at its place, so the answer would be refused.",
        "Write a value that the contract allows.",
    ),
    "lint-discriminator-tag": Code(
        "Discriminator without tags",
        "Tools read a discriminator alike only if each branch requires the property and allows one value of it.",
        "Require the property in each branch and give it an `enum` of one value.",
    ),
    "lint-document": Code(
        "The contract cannot be used",
        "The document is not acceptable YAML, JSON or OpenAPI 3.0, or refers to something that is not there.",
        "Mend it at the place shown; nothing else of it is checked before.",
    ),
    "lint-example-invalid": Code(
        "An example breaks its contract",
        "Examples are what people copy. One that does not validate teaches the wrong thing.",
        "Change the example or the rule that it breaks.",
    ),
    "lint-example-unused": Code(
        "An example file that nothing names",
        "The file lies in `examples/`, but the document does not refer to it, so no tool shows or checks it.",
        "Refer to it with `externalValue`, or remove it.",
    ),
    "lint-mapping-ambiguous-row": Code(
        "A value table that does not say which row holds",
        "Two rows have the same value, and none (or more than one) is `preferred`: which of them holds is chance.",
        "Mark the row that holds `preferred: true`; the other one then holds in the other direction only.",
    ),
    "lint-mapping-codec": Code(
        "A codec for another type",
        "The codec writes a JSON type that the contract refuses there, reads none that the contract allows, or gives "
        "what the leaf of the hub does not take.",
        "Name a codec whose type is the contract's; `docs/mapping.md` lists what each reads and writes.",
    ),
    "lint-mapping-declared": Code(
        "A declared member sent to the attributes",
        "A member with a meaning of its own would travel as a free attribute, which means nothing elsewhere.",
        "Give the declared member a line of its own and take the free ones with `rest`, or leave it with a reason.",
    ),
    "lint-mapping-document": Code(
        "The mapping cannot be used",
        "The mapping is not acceptable YAML, or something in it means nothing; the message says what would be right.",
        "Mend it at the place shown; nothing else of it is checked before.",
    ),
    "lint-mapping-enum-row": Code(
        "A listed value without a row",
        "The contract lists a value that the table of its line knows nothing of, so that orders with it lose it.",
        "Add a row, or a row that says `leave` with a reason where the value means nothing elsewhere.",
    ),
    "lint-mapping-guard": Code(
        "A condition that nothing settles",
        "A `when` looks at a sibling that no unconditional line writes, so the line would never be written.",
        "Give the sibling a line of its own without `when`, or correct the path.",
    ),
    "lint-mapping-identity": Code(
        "An identity that is not read",
        "The path stands under `identity`, but no line of the request reads it, so it names no order.",
        "Map the path with `to`, or take it out of `identity`.",
    ),
    "lint-mapping-key": Code(
        "Rows that cannot be told apart",
        "Two versions of a list are aligned by its key. Without a unique one, rows are matched by what they hold.",
        "Name a `key` that differs from row to row.",
    ),
    "lint-mapping-law": Code(
        "A law of translation is broken",
        "Written and read again, or sent to another partner and home, an example does not stay as it was.",
        "Look at the lines for the place shown: what they write is not what they read.",
    ),
    "lint-mapping-leaf-twice": Code(
        "Two lines for one leaf of the hub",
        "Both are read into the same leaf; where they differ, the second is only reported as a contradiction.",
        "Make one the `also` (a twin) or `aka` (another spelling) of the other, or put them under conditions.",
    ),
    "lint-mapping-path-twice": Code(
        "Two lines for one path",
        "Both read, and both write, the same place of the partner's document; the later one overwrites the earlier.",
        "Keep one of them.",
    ),
    "lint-mapping-refusal": Code(
        "A refusal that the contract would not take",
        "A refusal has a kind, a status and a sentence, and often no more. What the error lines make of that breaks "
        "the contract, so that the server answers problem details instead of the partner's own shape.",
        'Give the line a `fill`, such as `fill: {text: "{kind}"}`, or correct what it writes.',
    ),
    "lint-mapping-sample": Code(
        "What is written is read as something else",
        "A value that is written does not come back as the same value, and no row says that it is `lossy`.",
        "Correct the row, or mark it `lossy` and say what is lost.",
    ),
    "lint-mapping-secret": Code(
        "A secret that is mapped",
        "Secrets are taken out before anything is read: the line does nothing, and unmarked it would show them.",
        "Take the line out and mark the member `x-secret: true`, or `x-secret: false` if its name misleads.",
    ),
    "lint-mapping-slot": Code(
        "A ticket has no room in the slot",
        "A ticket that travels inside the document needs a member that the contract leaves free.",
        "Name a member that is not declared, in an object that takes further members.",
    ),
    "lint-mapping-unfed": Code(
        "A required member that an order may not fill",
        "Nothing says what is written where the order lacks it, nor where the caller could obtain it.",
        "Add a `fill`, or a `need` that says where the value comes from.",
    ),
    "lint-mapping-unknown-path": Code(
        "A path that the contract does not have",
        "The line reads and writes a member that the contract does not declare; often it is a misspelling.",
        "Correct the path, or declare the member in the contract.",
    ),
    "lint-mapping-unlisted": Code(
        "A value that may not be one of those listed",
        "The contract lists the values of a member, and its line writes whatever the order has; an order with another "
        "value becomes a document that the contract refuses.",
        "Give the line a `table` with a row for each value that the contract lists; what has no row is reported, and "
        "not written.",
    ),
    "lint-mapping-unmentioned": Code(
        "A part of the contract without a line",
        "Whether it was forgotten or means nothing elsewhere cannot be told; nothing of it reaches another partner.",
        "Map it, or `leave` it with a reason.",
    ),
    "lint-mapping-value": Code(
        "A value that is not listed",
        "A table, a constant or a condition holds a value that the contract (or the hub) does not list.",
        "Use a value that is listed, or add it to the contract with its evidence.",
    ),
    "lint-mapping-where": Code(
        "Two lists for the same rows",
        "Both lists of the partner are one list of the hub, and their `where` sets do not tell their rows apart.",
        "Give each a `where` that the other contradicts, or make them alternatives of one `either`.",
    ),
    "lint-money-multiple-of": Code(
        "`multipleOf` with a fraction",
        "Most validators compute with binary floating point and refuse 19.99 under `multipleOf: 0.01`.",
        "Leave `multipleOf` out for money.",
    ),
    "lint-no-example": Code(
        "An operation without an example",
        "The mock, the tests and the readers of a contract need at least one example of each request body and success.",
        "Add an example of the request and of the success response.",
    ),
    "lint-nullable-enum": Code(
        "`nullable` beside an `enum` without null",
        "By OpenAPI 3.0.3 the enum still refuses null; tools disagree.",
        "Add null to the enum, or remove `nullable`.",
    ),
    "lint-pattern-digit": Code(
        "`\\d` in a pattern",
        "In some tools `\\d` means every digit of Unicode.",
        "Write `[0-9]`.",
    ),
    "lint-pattern-slow": Code(
        "A pattern that can take exponential time",
        "A repeated group with a repetition inside can be made to run for hours by a crafted value.",
        "Rewrite it without nested repetition, look-around or back-references.",
    ),
    "lint-reference-sibling": Code(
        "Members beside a `$ref`",
        "OpenAPI 3.0 ignores what stands beside a `$ref`.",
        "Write `allOf: [{$ref: …}]` and put the members beside it.",
    ),
    "lint-required-undeclared": Code(
        "A required member that is not declared",
        "`required` names a member that `properties` lacks: usually a misspelling.",
        "Declare the member, or correct its name.",
    ),
    "lint-unmarked-secret": Code(
        "A secret that is not marked",
        "By its name this is a card number, CVV, PIN, password or token; unmarked, its values would be shown.",
        "Add `x-secret: true`, or `x-secret: false` if the name misleads.",
    ),
    "lint-weak-negation": Code(
        "Weak evidence below `not` or `oneOf`",
        "Taking a weak rule out below a `not` or `oneOf` can refuse what was accepted, so levels would no longer nest.",
        "Give the rule the evidence of the `not` or `oneOf`, or use `anyOf`.",
    ),
    "lone-surrogate": Code(
        "Half a character",
        "A surrogate escape such as `\\ud83d` stands without its other half; such text cannot be written as UTF-8.",
        "Send both halves of the pair, or the character itself.",
    ),
    "malformed-json": Code(
        "Not JSON",
        "The text breaks the grammar of JSON (RFC 8259) at the place shown, so nothing in it can be relied on.",
        "Mend the text at the place shown; the message says what was expected there.",
    ),
    "max-items": Code(
        "Too many elements",
        "The array holds more elements than the contract allows.",
        "Send fewer elements.",
    ),
    "max-length": Code(
        "Text too long",
        "The text has more characters than the contract allows (counted in code points).",
        "Shorten the text.",
    ),
    "max-properties": Code(
        "Too many members",
        "The object holds more members than the contract allows.",
        "Send fewer members.",
    ),
    "maximum": Code(
        "Number too large",
        "The number is above the contract's limit.",
        "Send a smaller number.",
    ),
    "meaning-contradicted": Code(
        "The message asks for what the target does not do",
        "A partner that can only create orders would take a request for a price, or an order to be sent again, for a "
        "new order.",
        "Send the message to a partner that knows what it asks for.",
    ),
    "media-type-undocumented": Code(
        "A media type that the contract does not have",
        "The message has a body, and the contract lists no such media type for it: what it has to look like is "
        "unknown.",
        "Send one of the listed media types, or add this one to the contract.",
    ),
    "method-undocumented": Code(
        "A method that the contract does not have",
        "The contract has the path, but not with this method, and the server did not refuse it with 405.",
        "Use a listed method, or add the operation to the contract.",
    ),
    "min-items": Code(
        "Too few elements",
        "The array holds fewer elements than the contract asks for.",
        "Send more elements.",
    ),
    "min-length": Code(
        "Text too short",
        "The text has fewer characters than the contract asks for; often it is empty.",
        "Send a longer text.",
    ),
    "min-properties": Code(
        "Too few members",
        "The object holds fewer members than the contract asks for.",
        "Send more members.",
    ),
    "minimum": Code(
        "Number too small",
        "The number is below the contract's limit.",
        "Send a larger number.",
    ),
    "mode-refused": Code(
        "Refused by the mode",
        "Strict mode gives no order from which something would be dropped, or change its meaning or detail on the way.",
        "Use lenient mode and keep the ticket, or change what is refused.",
    ),
    "multiple-of": Code(
        "Not a multiple",
        "The number is not a whole multiple of the contract's step.",
        "Send a multiple of the step.",
    ),
    "never": Code(
        "Nothing is allowed here",
        "The contract refuses every value at this place.",
        "Leave the member out.",
    ),
    "no-image": Code(
        "Cannot be said there",
        "The value means something that the target's format has no words for; `why` stands in the message.",
        "Change the value, or supply what the target is to get instead.",
    ),
    "not-allowed": Code(
        "Ruled out",
        "The value is of a form that the contract excludes (`not`).",
        "Change the value so that the excluded form no longer describes it.",
    ),
    "not-utf8": Code(
        "Not UTF-8",
        "JSON that is exchanged between systems is UTF-8; these bytes are something else (often UTF-16 or Latin-1).",
        "Encode the text as UTF-8.",
    ),
    "number-out-of-range": Code(
        "Number outside the common range",
        "Numbers of over 1,000 digits or an exponent outside -324 to 308 become infinite, zero or an error elsewhere.",
        "Send a number within 1,000 digits and an exponent from -324 to 308, or a string where that is allowed.",
    ),
    "one-of": Code(
        "More than one alternative fits",
        "The contract asks for exactly one of its alternatives (`oneOf`), and the value fits several.",
        "Leave out what makes the value fit more than one.",
    ),
    "opinions-differ": Code(
        "Two validators disagree",
        "orderbridge and openapi-core judge by the same contract, and only one of the two refuses this.",
        "Look at the rule that is named: it is one that tools read in different ways, or one of the two is wrong.",
    ),
    "pattern": Code(
        "Text of another form",
        "The text does not match the contract's regular expression.",
        "Send a text that matches the pattern.",
    ),
    "read-only": Code(
        "Set by the receiver",
        "The contract marks the member as `readOnly`: it belongs into responses, and most receivers ignore it.",
        "Leave the member out of the request.",
    ),
    "required": Code(
        "A member is missing",
        "The contract asks for this member. Null or an empty object in its place is another problem, not a cure.",
        "Add the member; if a similar name is there, it may be a misspelling of this one.",
    ),
    "required-target-missing": Code(
        "The target requires more",
        "The target's contract requires a value at this place of its document, and nothing in the message becomes it.",
        "Supply the value with `--supply FILE`; the fix says where it is obtained.",
    ),
    "rule": Code(
        "Another rule is broken",
        "The value breaks a rule of the contract that has no code of its own.",
        "Look at the contract at `schema_pointer`.",
    ),
    "security-missing": Code(
        "No credential",
        "The contract asks for a credential, and the request shows none. Programs may leave credentials out of a "
        "recording.",
        "Send the credential; record with sensitive data if the recording left it out. It is never shown.",
    ),
    "status-undocumented": Code(
        "A status that the contract does not have",
        "The server answered with a status that the contract does not list for this operation: clients do not "
        "expect it.",
        "Answer with a listed status, or add this one to the contract.",
    ),
    "ticket-foreign": Code(
        "Another order's ticket",
        "The ticket was made for another order, or on the way between two other partners.",
        "Hand over the ticket of this very order.",
    ),
    "ticket-lost": Code(
        "No ticket",
        "An order is brought home with the ticket of its way out, and there is none for it, or more than one.",
        "Hand over the ticket that was given when the order was translated.",
    ),
    "ticket-stale": Code(
        "The ticket is out of date",
        "What the target was given is made again from the ticket, and does not come out the same.",
        "Use the ticket and the mappings as they were then, or translate the order without its ticket.",
    ),
    "ticket-too-large": Code(
        "The ticket does not fit",
        "The place in the target's document in which the ticket would travel takes less than it has.",
        "Keep the ticket beside the order instead: `--ticket-out FILE`.",
    ),
    "ticket-unreadable": Code(
        "Not a ticket",
        "The ticket was cut, changed or sealed with another key, or is something else altogether.",
        "Hand over the ticket as it was given, unchanged, and the key that it was sealed with.",
    ),
    "too-deep": Code(
        "Nested too deep",
        "The document nests more than 200 levels; many readers stop earlier or crash.",
        "Send a flatter document.",
    ),
    "trailing-text": Code(
        "Text after the document",
        "Something follows the end of the JSON document. One file holds one document unless it is NDJSON.",
        "Remove what follows, or check the file with `--ndjson` if each line is a document.",
    ),
    "type": Code(
        "Value of another type",
        "The value's JSON type is not the one of the contract: a number in quotes, a text where an object belongs …",
        "Send the value in the type that the contract names.",
    ),
    "unique-items": Code(
        "Equal elements",
        "The contract asks for distinct elements, and some are equal.",
        "Remove the repeated elements.",
    ),
    "unknown-property": Code(
        "Member not in the contract",
        "The contract lists the members of this object, and this is none of them. Often it is a misspelling.",
        "Rename it to the member that was meant, or remove it.",
    ),
    "unreadable": Code(
        "Cannot be understood",
        "The source's contract allows the value, but it means nothing: a date that is none, a word without a row.",
        "Change the value.",
    ),
    "write-only": Code(
        "Sent, never returned",
        "The contract marks the member as `writeOnly`: it belongs into requests, not into responses.",
        "Leave the member out of the response.",
    ),
}
"""Every problem code in alphabetical order (tested)."""
