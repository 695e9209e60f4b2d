"""What the routes work with: the use cases, handed to them as one value by the application."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from creditbank.administration import Administration
from creditbank.bank import Bank
from creditbank.gather import Gatherer
from creditbank.learners import Learners
from creditbank.lookups import Lookups
from creditbank.quotes import Quotes
from creditbank.rule_packs import RulePacks
from creditbank.settings import Settings
from creditbank.trust_export import TrustBundles


@dataclass(frozen=True, slots=True)
class Services:
    """The bank's use cases in one process."""

    bank: Bank
    administration: Administration
    rule_packs: RulePacks
    learners: Learners
    gatherer: Gatherer
    lookups: Lookups
    quotes: Quotes
    settings: Settings
    trust_bundles: TrustBundles

    @property
    def public_url(self) -> str:
        """Where others reach this service: its name as a token's issuer and audience too."""
        return self.bank.public_url


async def _services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


Desk = Annotated[Services, Depends(_services)]
"""The use cases, for a route."""
