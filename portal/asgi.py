"""What the web server loads: ``granian --interface asgi portal.asgi:app``."""

from portal.app import create_app
from portal.settings import get_settings

app = create_app(get_settings())
