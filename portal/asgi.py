"""What the web server loads: ``granian --interface asgi portal.asgi:app``."""

from portal import logging
from portal.app import create_app
from portal.settings import get_settings

logging.configure(get_settings())
app = create_app(get_settings(), warm_up=True)
