"""The story, act by act. Every number that is printed comes from the bank; every act asks it something real.

1. The bank opens, with rules that two people agreed on. 2. Six institutions, five of them accredited.
3. Thirty credentials. 4. What was held is credited. 5. Two books of one person become one. 6. Recognition.
7. The rules are asked: replay, what would have counted, a quote, a draft, an appeal. 8. A statement. 9. An employer.
10. A revocation. 11. A forgery. 12. A receipt. 13. The audit.
"""

from creditbank.demo import acts_of_credit as credit
from creditbank.demo import acts_of_proof as proof
from creditbank.demo import acts_of_rules as rules
from creditbank.demo.narrator import Narrator
from creditbank.demo.stage import Stage
from creditbank.demo.told import Told


def tell_story(stage: Stage, tell: Narrator) -> Told:
    """Play all acts in a bank that has not been used yet."""
    told = Told()
    credit.open_the_house(stage, tell)
    keys = credit.admit_schools(stage, tell)
    credit.bring_credentials(stage, tell, told, keys)
    credit.approve_the_last(stage, tell, told)
    credit.unite_books(stage, tell, told)
    decision = credit.recognise(stage, tell, told)
    rules.check_decisions(stage, tell, told, decision)
    proof.state_account(stage, tell, told)
    proof.verify_for_employer(stage, tell, told)
    proof.revoke(stage, tell, told, decision)
    proof.refuse_forgeries(stage, tell, told)
    proof.check_receipt(stage, tell, told)
    proof.audit(stage, tell, told)
    return told
