"""
The switchboard: between a question and the telephone, everything that waits, chooses, retries and counts.

    switchboard   one question to one model: its turn, the call, again where that may help   <- start here
    errand        a question on its way, and what it shares with its batch
    desk          what is known of one model: may it be called now, and how long may it take
    pace          how many calls a second it takes; declared, or learnt from what it throws back
    breaker       whether it is up; one probe at a time finds out when it is again
    patience      how long a reply may take, learnt from those that came
    direct        the same for a stand-in on this machine, which needs none of it
    ledger        what a batch spends, by model and rule, under a cap
"""

from judges.switchboard.direct import Direct
from judges.switchboard.errand import Batch, Errand
from judges.switchboard.ledger import Account, Ledger, worst_case
from judges.switchboard.switchboard import Switchboard

__all__ = ["Account", "Batch", "Direct", "Errand", "Ledger", "Switchboard", "worst_case"]
