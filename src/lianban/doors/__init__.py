"""How one comes in: web, api, cli, jobs. No door imports another."""
