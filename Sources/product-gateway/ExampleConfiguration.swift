/// The example of this repository, `gateway.json`, for a first look in a folder that has none.
///
/// A test holds the two against each other.
enum ExampleConfiguration {
    /// How messages name it.
    static let name = "the built-in example"

    static let text = """
        {
          "$schema": "./gateway.schema.json",
          "listener": {
            "host": "0.0.0.0",
            "port": 8443,
            "tls": {
              "certificate": "/etc/gateway/tls.crt",
              "privateKey": "/etc/gateway/tls.key"
            }
          },
          "admin": { "host": "127.0.0.1", "port": 9901 },
          "defaultTarget": "elastic-path",
          "targets": {
            "cor": {
              "dialect": "cor",
              "baseURL": "https://integrations.projectcor.com",
              "credentials": {
                "oauth2": {
                  "tokenURL": "https://api.projectcor.com/v1/oauth/token",
                  "clientID": { "env": "COR_API_KEY" },
                  "clientSecret": { "env": "COR_CLIENT_SECRET" },
                  "style": "query-basic"
                }
              },
              "parameters": { "source": "MICROSOFT_DYNAMICS" }
            },
            "elastic-path": {
              "dialect": "elastic-path",
              "baseURL": "https://euwest.api.elasticpath.com",
              "credentials": {
                "oauth2": {
                  "tokenURL": "/oauth/access_token",
                  "clientID": { "env": "EP_CLIENT_ID" },
                  "clientSecret": { "file": "/run/secrets/ep" }
                }
              },
              "timeouts": { "connect": "2s", "attempt": "10s", "total": "20s" },
              "retries": { "attempts": 3 }
            },
            "softwareone": {
              "dialect": "softwareone",
              "baseURL": "https://api.platform.softwareone.com/public",
              "credentials": { "bearer": { "token": { "env": "SOFTWAREONE_TOKEN" } } },
              "timeouts": { "attempt": "20s", "total": "40s" }
            },
            "catalogue": {
              "dialect": "catalogue",
              "baseURL": "https://your-tenant.coreapi.io",
              "credentials": { "bearer": { "token": { "file": "/run/secrets/catalogue" } } },
              "updateSemantics": "replace"
            }
          }
        }

        """
}
