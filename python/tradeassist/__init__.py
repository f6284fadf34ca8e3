"""Client of a TradeAssist server.

    from tradeassist import Client

    client = Client("http://127.0.0.1:8080", key="ta_...")
    bars = client.bars("SP500", "1d", last=250)
    found = client.optimize(strategy="RSIStrategy", symbol="SP500", timeframe="1d", trials=50).wait().result()
"""

from .bars import Bars
from .client import Client
from .errors import ApiError, ConnectionFailed, JobFailed, TradeAssistError
from .jobs import Event, Job
from .transport import Retries

__all__ = [
    "ApiError",
    "Bars",
    "Client",
    "ConnectionFailed",
    "Event",
    "Job",
    "JobFailed",
    "Retries",
    "TradeAssistError",
]
__version__ = "0.1.0"
