"""The engine's door: ASGI application, schemas, authentication; `client` for desk and cli."""
