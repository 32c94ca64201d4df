"""The line under a table that says where its numbers are from."""

from __future__ import annotations

from indsats.programme import (
    Block,
    CaseBlock,
    ChangeBlock,
    ClassesBlock,
    CostsBlock,
    DefinitionsBlock,
    EvaluationBlock,
    MethodBlock,
    OwnGainBlock,
    PlanBlock,
    PricesBlock,
    ProfileBlock,
    QualityBlock,
    ResponseBlock,
    ScenariosBlock,
    ScoresBlock,
    SocietyBlock,
    Text,
    TransitionsBlock,
    ValidityBlock,
)

RECORD = Text(da="Programmets registreringer.", en="The programme's registrations.")
ANSWERS = Text(
    da="Besvarede skemaer i programmets registreringer.",
    en="Forms answered in the programme's registrations.",
)
REGISTER = Text(
    da="Programmets registreringer og det ugentlige ydelsesregister.",
    en="The programme's registrations and the weekly register of benefits.",
)
PRICES = Text(da="Prisbogen og programmets egne priser.", en="The price book and the programme's own prices.")
PRICED = Text(
    da="Programmets registreringer, prisbogen og programmets egne priser.",
    en="The programme's registrations, the price book and the programme's own prices.",
)
DEFINITION = Text(da="Programmets definition.", en="The programme's definition.")


def source_of(block: Block) -> Text:
    """Where the numbers of a block are from."""
    match block:
        case EvaluationBlock():
            return REGISTER
        case PricesBlock() | OwnGainBlock():
            return PRICES
        case CostsBlock() | CaseBlock() | ScenariosBlock() | SocietyBlock():
            return PRICED
        case DefinitionsBlock() | MethodBlock() | PlanBlock():
            return DEFINITION
        case (
            ChangeBlock()
            | ClassesBlock()
            | ProfileBlock()
            | QualityBlock()
            | ResponseBlock()
            | ScoresBlock()
            | TransitionsBlock()
            | ValidityBlock()
        ):
            return ANSWERS
        case _:
            return RECORD
