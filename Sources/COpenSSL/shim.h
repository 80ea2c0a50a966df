#pragma once
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/params.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
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

// A builder keeps pointers to the names of parameters, and Swift's texts do not stay where they are.
static inline int gateway_OSSL_PARAM_BLD_push_rsa(OSSL_PARAM_BLD *builder, const BIGNUM *n, const BIGNUM *e) {
    return OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, n) == 1 &&
           OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, e) == 1;
}
static inline int gateway_OSSL_PARAM_BLD_push_ec(
    OSSL_PARAM_BLD *builder, const char *group, const void *point, size_t length) {
    return OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME, group, 0) == 1 &&
           OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY, point, length) == 1;
}
static inline int gateway_EVP_PKEY_fromdata_public(EVP_PKEY_CTX *context, EVP_PKEY **key, OSSL_PARAM *parameters) {
    return EVP_PKEY_fromdata(context, key, EVP_PKEY_PUBLIC_KEY, parameters);
}

// A subject's alternative names (RFC 5280 section 4.2.1.6), which belong to whoever asks; NULL where there are none.
static inline GENERAL_NAMES *gateway_X509_get_alternative_names(X509 *certificate) {
    return (GENERAL_NAMES *)X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
}
static inline int gateway_GENERAL_NAMES_count(const GENERAL_NAMES *names) { return sk_GENERAL_NAME_num(names); }
// The bytes of the name at a position, which belong to the names. Returns 1 for a URI, 2 for a DNS name, 0 otherwise.
static inline int gateway_GENERAL_NAMES_text(
    const GENERAL_NAMES *names, int position, const unsigned char **bytes, int *count) {
    const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, position);
    if (name == NULL || (name->type != GEN_URI && name->type != GEN_DNS)) return 0;
    *bytes = ASN1_STRING_get0_data(name->d.ia5);
    *count = ASN1_STRING_length(name->d.ia5);
    return name->type == GEN_URI ? 1 : 2;
}
