// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/net/tlscontext.h"

#include "server/base/uniquefd.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

namespace spillway::net {

namespace {

/// TLS 1.2: forward secrecy and authenticated encryption, nothing else. 128 bits first: as safe in practice,
/// and a quarter cheaper.
constexpr const char* kSuites12 = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
                                  "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
                                  "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
constexpr const char* kSuites13 =
    "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";
/// No finite fields: a client could make the server compute with 8,192 bits. The first list is for an OpenSSL
/// that knows the post-quantum hybrid (3.5).
constexpr const char* kGroupLists[] = {"X25519MLKEM768:X25519:P-256:P-384", "X25519:P-256:P-384"};
constexpr std::string_view kProtocol = "http/1.1";

} // namespace

struct TlsCallbacks
{
    static int serverName(SSL* ssl, int* alert, void* argument)
    {
        const auto& context = *static_cast<const TlsContext*>(argument);
        const char* name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
        if (!name)
            return SSL_TLSEXT_ERR_NOACK;
        SSL_CTX* chosen = context.contexts_[context.choose(name)].get();
        if (SSL_get_SSL_CTX(ssl) != chosen && !SSL_set_SSL_CTX(ssl, chosen)) {
            *alert = SSL_AD_INTERNAL_ERROR;
            return SSL_TLSEXT_ERR_ALERT_FATAL;
        }
        return SSL_TLSEXT_ERR_OK;
    }

    /// A client that offers protocols, but not ours, is told so (RFC 7301 §3.2).
    static int protocol(SSL*, const unsigned char** out, unsigned char* outLength, const unsigned char* in,
                        unsigned int inLength, void*)
    {
        for (unsigned int at = 0; at < inLength; at += 1U + in[at]) {
            const unsigned int length = in[at];
            if (length == kProtocol.size() && at + 1 + length <= inLength &&
                std::memcmp(in + at + 1, kProtocol.data(), length) == 0) {
                *out = in + at + 1;
                *outLength = static_cast<unsigned char>(length);
                return SSL_TLSEXT_ERR_OK;
            }
        }
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    }

    /// Seals a new ticket, or finds the key of one that came (SSL_CTX_set_tlsext_ticket_key_evp_cb(3)).
    static int ticket(SSL* ssl, unsigned char* name, unsigned char* iv, EVP_CIPHER_CTX* cipher,
                      EVP_MAC_CTX* mac, int seal)
    {
        auto& keys = *static_cast<TicketKeys*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)));
        std::optional<TicketKeys::Found> found;
        if (seal != 0) {
            auto key = keys.current();
            if (!key || RAND_bytes(iv, EVP_CIPHER_get_iv_length(EVP_aes_256_cbc())) != 1)
                return -1;
            std::copy(key->name.begin(), key->name.end(), name);
            found = TicketKeys::Found{*key, false};
        } else {
            found = keys.find(name);
            if (!found)
                return 0; // a full handshake
        }
        char digest[] = "SHA256";
        OSSL_PARAM parameters[] = {OSSL_PARAM_construct_octet_string(
                                       OSSL_MAC_PARAM_KEY, found->key.mac.data(), found->key.mac.size()),
                                   OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
                                   OSSL_PARAM_construct_end()};
        if (EVP_MAC_CTX_set_params(mac, parameters) != 1 ||
            EVP_CipherInit_ex(cipher, EVP_aes_256_cbc(), nullptr, found->key.cipher.data(), iv, seal) != 1)
            return -1;
        return found->old ? 2 : 1;
    }

    /// A key with a password would ask on the terminal.
    static int noPassword(char*, int, int, void*) { return -1; }
};

void TlsContext::FreeContext::operator()(SSL_CTX* context) const noexcept
{
    SSL_CTX_free(context);
}

TlsContext::~TlsContext() = default;

Result<std::shared_ptr<const TlsContext>>
TlsContext::load(const Options& options, std::shared_ptr<TicketKeys> tickets, const Clock& clock)
{
    std::shared_ptr<TlsContext> made(new TlsContext);
    made->tickets_ = std::move(tickets);
    made->kernelTls_ = options.kernelTls && kernelTlsAvailable();
    for (const CertificateFiles& files : options.certificates)
        if (auto added = made->add(files, options, clock); !added)
            return fail(added.error());
    if (made->contexts_.empty())
        return fail(ErrorCode::InvalidArgument, "there is no certificate for HTTPS");
    return std::shared_ptr<const TlsContext>(std::move(made));
}

Result<void> TlsContext::add(const CertificateFiles& files, const Options& options, const Clock& clock)
{
    auto facts = readCertificate(files.certificate);
    if (!facts)
        return fail(facts.error());
    const std::int64_t now = unixSeconds(clock.wall());
    if (now >= facts->notAfter)
        return fail(ErrorCode::Expired, "the certificate " + files.certificate +
                                            " has expired: get a new one, or make one with \"spillway tls "
                                            "self-signed --force\"");
    if (now < facts->notBefore)
        return fail(ErrorCode::Expired, "the certificate " + files.certificate +
                                            " is not valid yet: is this machine's clock right?");
    if (auto usable = checkPrivateKeyFile(files.key); !usable)
        return fail(usable.error());

    ERR_clear_error();
    std::unique_ptr<SSL_CTX, FreeContext> context(SSL_CTX_new(TLS_server_method()));
    SSL_CTX* const ctx = context.get();
    if (!ctx)
        return fail(ErrorCode::Exhausted, "OpenSSL has no memory for a certificate");
    SSL_CTX_set_default_passwd_cb(ctx, &TlsCallbacks::noPassword);
    if (SSL_CTX_use_certificate_chain_file(ctx, files.certificate.c_str()) != 1)
        return fail(ErrorCode::Corrupt, "the certificate " + files.certificate +
                                            " cannot be used; it must be PEM, with the chain behind it");
    if (SSL_CTX_use_PrivateKey_file(ctx, files.key.c_str(), SSL_FILETYPE_PEM) != 1) {
        const bool mismatch = ERR_GET_REASON(ERR_peek_last_error()) == X509_R_KEY_VALUES_MISMATCH ||
                              ERR_GET_REASON(ERR_peek_last_error()) == X509_R_KEY_TYPE_MISMATCH;
        ERR_clear_error();
        if (mismatch)
            return fail(ErrorCode::Conflict,
                        "the key " + files.key + " does not belong to the certificate " + files.certificate);
        return fail(ErrorCode::Corrupt,
                    "the key " + files.key + " cannot be used; it must be PEM, without a password");
    }
    if (SSL_CTX_check_private_key(ctx) != 1)
        return fail(ErrorCode::Conflict,
                    "the key " + files.key + " does not belong to the certificate " + files.certificate);

    std::uint64_t flags =
        SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE |
        SSL_OP_PRIORITIZE_CHACHA |
        // Requests frame themselves; what a missing close_notify could hide is not answered.
        SSL_OP_IGNORE_UNEXPECTED_EOF;
    if (kernelTls_)
        flags |= SSL_OP_ENABLE_KTLS;
    SSL_CTX_set_options(ctx, flags);
    bool set = SSL_CTX_set_min_proto_version(ctx, options.only13 ? TLS1_3_VERSION : TLS1_2_VERSION) == 1;
    set =
        set && SSL_CTX_set_cipher_list(ctx, kSuites12) == 1 && SSL_CTX_set_ciphersuites(ctx, kSuites13) == 1;
    set = set && std::any_of(std::begin(kGroupLists), std::end(kGroupLists),
                             [&](const char* list) { return SSL_CTX_set1_groups_list(ctx, list) == 1; });
    ERR_clear_error();
    if (!set)
        return fail(ErrorCode::Unsupported,
                    "this OpenSSL lacks the TLS versions or suites that are spoken here");
    // A record is written whole before its bytes count as sent, from a buffer that all connections share.
    SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                              SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_read_ahead(ctx, kernelTls_ ? 0 : 1); // the kernel hands out one record at a time
    SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_timeout(ctx, std::chrono::seconds(TicketKeys::kRotation).count());
    constexpr unsigned char context_id[] = "spillway"; // tickets are good on every worker
    SSL_CTX_set_session_id_context(ctx, context_id, sizeof context_id - 1);
    SSL_CTX_set_app_data(ctx, tickets_.get());
    SSL_CTX_set_tlsext_ticket_key_evp_cb(ctx, &TlsCallbacks::ticket);
    SSL_CTX_set_tlsext_servername_callback(ctx, &TlsCallbacks::serverName);
    SSL_CTX_set_tlsext_servername_arg(ctx, this);
    SSL_CTX_set_alpn_select_cb(ctx, &TlsCallbacks::protocol, nullptr);
    contexts_.push_back(std::move(context));
    facts_.push_back(std::move(*facts));
    return {};
}

SSL* TlsContext::newConnection() const
{
    SSL* const ssl = SSL_new(contexts_.front().get());
    if (ssl)
        SSL_set_accept_state(ssl);
    return ssl;
}

std::size_t TlsContext::choose(std::string_view name) const
{
    std::string wanted(name);
    std::transform(wanted.begin(), wanted.end(), wanted.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    if (wanted.ends_with('.'))
        wanted.pop_back();
    const auto holder = [this](const std::string& text) {
        return static_cast<std::size_t>(std::find_if(facts_.begin(), facts_.end(),
                                                     [&](const CertificateFacts& facts) {
                                                         return std::find(facts.names.begin(),
                                                                          facts.names.end(),
                                                                          text) != facts.names.end();
                                                     }) -
                                        facts_.begin());
    };
    std::size_t found = holder(wanted);
    if (const auto dot = wanted.find('.'); found == facts_.size() && dot != std::string::npos && dot > 0)
        found = holder("*" + wanted.substr(dot));
    return found == facts_.size() ? 0 : found;
}

bool kernelTlsAvailable()
{
#ifdef OPENSSL_NO_KTLS
    return false;
#else
    // A socket that is not connected cannot have it, and the kernel says which of the two is missing.
    const UniqueFd probe(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    constexpr char kName[] = "tls";
    return probe && ::setsockopt(probe.get(), IPPROTO_TCP, TCP_ULP, kName, sizeof kName) != 0 &&
           errno == ENOTCONN;
#endif
}

} // namespace spillway::net
