"""A JupyterHub with blocks at https://hub.example.com/jupyter/, behind nginx or Apache.

What an admin adds for the proxy and the service; sign-in and spawner are as everywhere.
"""

from jigsaw_service.hub import register

c = get_config()  # noqa: F821 - given by the Hub

# Where the Hub's own proxy listens: for nginx or Apache alone, or TLS could be passed by.
c.JupyterHub.bind_url = "http://127.0.0.1:8000/jupyter/"
# Where people find it. Cookies are Secure, and links whole, whatever a proxy claims.
c.JupyterHub.public_url = "https://hub.example.com/jupyter/"
# A domain for each person's server, so that none shares its origin with another or with
# the service. Needs DNS and a certificate for *.hub.example.com.
# c.JupyterHub.subdomain_host = "https://hub.example.com"

# The service on a port of its own, and where it keeps its database. All users may use it.
register(c, port=10110, data_dir="/srv/jigsaw")
