#pragma once
#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

// OpenSSL spells these as macros, which Swift does not import. Each has the macro's name behind the prefix.

static inline int gateway_SSL_CTX_set_min_proto_version(SSL_CTX *context, int version) {
    return (int)SSL_CTX_set_min_proto_version(context, version);
}
static inline void gateway_SSL_CTX_set_http2_options(SSL_CTX *context) {
    // Renegotiation and compression are forbidden under HTTP/2 (RFC 9113 section 9.2.1).
    SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
}
static inline long gateway_SSL_CTX_set_mode(SSL_CTX *context, long mode) {
    return SSL_CTX_set_mode(context, mode);
}
static inline long gateway_SSL_CTX_set_read_ahead(SSL_CTX *context, long yes) {
    return SSL_CTX_set_read_ahead(context, yes);
}
static inline long gateway_SSL_CTX_set_session_cache_mode(SSL_CTX *context, long mode) {
    return SSL_CTX_set_session_cache_mode(context, mode);
}
static inline int gateway_SSL_CTX_set_app_data(SSL_CTX *context, void *data) {
    return SSL_CTX_set_app_data(context, data);
}
static inline void *gateway_SSL_CTX_get_app_data(const SSL_CTX *context) { return SSL_CTX_get_app_data(context); }
static inline int gateway_SSL_set_app_data(SSL *ssl, void *data) { return SSL_set_app_data(ssl, data); }
static inline void *gateway_SSL_get_app_data(const SSL *ssl) { return SSL_get_app_data(ssl); }
static inline int gateway_SSL_CTX_add1_chain_cert(SSL_CTX *context, X509 *certificate) {
    return (int)SSL_CTX_add1_chain_cert(context, certificate);
}
static inline int gateway_SSL_set_tlsext_host_name(SSL *ssl, const char *name) {
    return (int)SSL_set_tlsext_host_name(ssl, name);
}
static inline int gateway_ERR_GET_LIB(unsigned long code) { return ERR_GET_LIB(code); }
static inline int gateway_ERR_GET_REASON(unsigned long code) { return ERR_GET_REASON(code); }
static inline void gateway_BIO_set_retry_read(BIO *bio) { BIO_set_retry_read(bio); }
static inline void gateway_BIO_clear_retry_flags(BIO *bio) { BIO_clear_retry_flags(bio); }
static inline long gateway_BIO_get_mem_data(BIO *bio, char **data) { return BIO_get_mem_data(bio, data); }
static inline EVP_PKEY *gateway_EVP_EC_gen(const char *curve) { return EVP_EC_gen(curve); }

// Parameters are arrays of a struct with pointers into other variables, which Swift has no safe way to write.
static inline int gateway_EVP_MAC_CTX_set_hmac_sha256_key(EVP_MAC_CTX *mac, void *key, size_t length) {
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, key, length),
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char *)"SHA256", 0),
        OSSL_PARAM_construct_end(),
    };
    return EVP_MAC_CTX_set_params(mac, parameters);
}
