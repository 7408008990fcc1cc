// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/engine/descriptors.h"
#include "server/engine/engine.h"
#include "server/engine/workerunit.h"

#include <QtCore/QUrl>

// The part of Engine that turns settings into what a worker takes.
namespace spillway::engine {

namespace {

std::size_t size(Bytes bytes)
{
    return static_cast<std::size_t>(bytes.count);
}

/// The line of RFC 6797 §6.1, or nothing.
std::string transportSecurity(std::chrono::milliseconds lifetime)
{
    if (lifetime == lifetime.zero())
        return {};
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(lifetime).count();
    return "Strict-Transport-Security: max-age=" + std::to_string(seconds) + "\r\n";
}

/// Behind a forwarded port, public_url knows which one clients use.
download::HttpsRules httpsRules(const config::Settings& settings,
                                const std::vector<net::ListenAddress>& listening)
{
    download::HttpsRules rules;
    if (listening.empty())
        return rules;
    using Plain = download::HttpsRules::Plain;
    const std::string& plain = settings.get<"tls.plain">();
    rules.plain = plain == "redirect" ? Plain::Redirect : plain == "refuse" ? Plain::Refuse : Plain::Serve;
    const QUrl url(QString::fromStdString(settings.get<"public_url">()));
    rules.port = url.scheme() == QLatin1String("https") ? static_cast<std::uint16_t>(url.port(443))
                                                        : listening.front().port;
    return rules;
}

} // namespace

/// The settings of one worker, as they are now.
WorkerSettings Engine::workerSettings() const
{
    const config::Settings& settings = settings_;
    const std::size_t workers = units_.empty() ? workerCount(settings) : units_.size();
    const std::size_t descriptors = descriptors_;
    WorkerSettings result;
    auto& connections = result.connections;
    connections.headTimeout = settings.get<"http.head_timeout">();
    connections.idleTimeout = settings.get<"http.idle_timeout">();
    connections.writeStallTimeout = settings.get<"http.write_stall_timeout">();
    connections.minRate = settings.get<"http.min_rate">();
    connections.minRateGrace = settings.get<"http.min_rate_grace">();
    connections.maxConnections = connectionBound(settings, descriptors).connections;
    result.session.head = {size(settings.get<"http.max_head_size">()),
                           size(settings.get<"http.max_target_size">()),
                           static_cast<std::size_t>(settings.get<"http.max_fields">())};
    result.session.pipelinedBytes = size(settings.get<"http.max_pipelined_bytes">());
    result.session.keepAliveRequests = static_cast<std::uint32_t>(settings.get<"http.keepalive_requests">());
    result.files.entries = static_cast<std::size_t>(settings.get<"cache.entries">());
    result.files.hotBytes = size(settings.get<"cache.hot_bytes">()) / workers;
    result.files.hotFileMax = result.files.hotBytes == 0 ? 0 : size(settings.get<"cache.hot_file_max">());
    result.files.revalidate = settings.get<"cache.revalidate">();
    result.proxies = std::make_shared<const http::TrustedProxies>(settings.get<"proxy.trusted">());
    connections.handshakeTimeout = settings.get<"tls.handshake_timeout">();
    connections.maxHandshakes =
        std::max<std::size_t>(1, static_cast<std::size_t>(settings.get<"tls.max_handshakes">()) / workers);
    result.certificates = certificates_ ? certificates_->context() : nullptr;
    result.transportSecurity = transportSecurity(settings.get<"tls.hsts">());
    result.https = httpsRules(settings, tlsAddresses_);
    const std::string& acme = settings.get<"tls.acme_folder">();
    result.acmeFolder = acme.empty() ? folder_.file("acme") : acme;
    return result;
}

} // namespace spillway::engine
