"""Where a parcel goes."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Address:
    """A postal address in a country that the shop delivers to."""

    name: str
    street: str
    city: str
    country: str = "SE"

    def lines(self) -> list[str]:
        """The address as it stands on a parcel."""
        return [self.name, self.street, f"{self.country}-{self.city}"]
