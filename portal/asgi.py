"""What the web server loads: ``granian --interface asgi portal.asgi:app``."""

from portal import logging
from portal.parts import loading
from portal.settings import get_settings

logging.configure(get_settings())
with loading():
    from portal.app import create_app

    app = create_app(get_settings(), warm_up=True)
