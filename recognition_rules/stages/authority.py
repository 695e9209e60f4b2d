"""Step 1, authority: which local terms hold for this programme and institution, and what the trace says of it."""

from recognition_rules.amount_text import text_of_amount
from recognition_rules.canonical import Json
from recognition_rules.rules.figures import figured
from recognition_rules.stages.frame import Frame


def tell_overrides(frame: Frame) -> None:
    """One step for each override that concerns this recognition today: both figures, and whose they are."""
    if not frame.trace.telling or not frame.pack.authority:
        return
    on = frame.situation.on
    for override in frame.pack.overrides_for(frame.programme.id, frame.situation.institution):
        terms, rule = override.head.on(on), figured(frame.pack, override.of)
        if terms is None or rule is None:
            continue
        placed = next((each for each in rule.terms if each.covers(on)), None)
        above = placed.replaces if placed else None
        value = rule.own if above is None or above.value is None else above.value
        inputs: dict[str, Json] = {
            "of": override.of,
            "authority": None if above is None else above.authority,
            "value": None if value is None else text_of_amount(value),
            "local_authority": terms.authority,
            "local_value": None if terms.value is None else text_of_amount(terms.value),
        }
        result = "lifted" if override.lift else "overridden"
        frame.trace.add("versions", result, rule=override.head.id, terms=terms, inputs=inputs)
