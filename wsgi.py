"""What the web server loads: one portal as told by the environment; `portal serve` has made its database ready."""

from portal.app import create_app
from portal.embedded import attach
from portal.settings import Settings

app = create_app(attach(Settings.from_environment()))
