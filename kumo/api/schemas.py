"""What the schemas of all calls are built of."""

from datetime import datetime
from typing import Annotated

from django.utils.translation import gettext as _
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, Strict

from audit.slugs import SLUG
from kumo.api.bodies import is_text


def check_text(value: str) -> str:
    if not is_text(value):
        raise ValueError(_("It contains characters that are no text."))
    return value


def check_year(value: datetime) -> datetime:
    # Near the ends of the calendar no zone can be applied any more.
    if not 1970 <= value.year <= 9000:
        raise ValueError(_("Write a year from 1970 to 9000."))
    return value


Text = Annotated[str, Strict(), AfterValidator(check_text)]
Slug = Annotated[str, Strict(), Field(pattern=f"^{SLUG}$")]
# What a column of whole numbers takes on every database.
Whole = Annotated[int, Strict(), Field(ge=-(2**31), le=2**31 - 1)]
Number = Annotated[float, Strict(), Field(allow_inf_nan=False)]
Flag = Annotated[bool, Strict()]
Time = Annotated[datetime, AfterValidator(check_year)]


class Given(BaseModel):
    """A body; names that the call does not know are refused."""

    model_config = ConfigDict(extra="forbid")


class Refusal(BaseModel):
    """The body of every answer from 400 on."""

    detail: str
    errors: dict[str, list[str]]
