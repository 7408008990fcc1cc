// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/get/httpclient.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <curl/curl.h>
#include <map>

namespace spillway::get {

namespace {

using std::chrono::milliseconds;

constexpr long kMostRedirects = 10;
constexpr long kMostBuffer = 512L << 10; ///< CURL_MAX_READ_SIZE
constexpr std::size_t kMostFieldBytes = 8192;

/// A bucket of the bytes that may come; below zero nothing does.
class Limiter
{
public:
    Limiter(BytesPerSecond limit, const Clock& clock)
        : rate_(static_cast<double>(limit.count)), clock_(clock), filled_(clock.monotonic())
    {
    }
    /// How long nothing may come; zero: now.
    milliseconds pause()
    {
        if (rate_ <= 0)
            return milliseconds(0);
        const Monotonic now = clock_.monotonic();
        // A tenth of a second may be saved up, no more.
        bucket_ =
            std::min(bucket_ + rate_ * std::chrono::duration<double>(now - filled_).count(), rate_ / 10);
        filled_ = now;
        return bucket_ >= 0 ? milliseconds(0)
                            : milliseconds(static_cast<std::int64_t>(-bucket_ / rate_ * 1000) + 1);
    }
    void came(std::size_t bytes) { bucket_ -= static_cast<double>(bytes); }
    [[nodiscard]] long bufferSize() const
    {
        return rate_ <= 0
                   ? kMostBuffer
                   : static_cast<long>(std::clamp(rate_ / 10, 1024.0, static_cast<double>(kMostBuffer)));
    }

private:
    double rate_, bucket_ = 0;
    const Clock& clock_;
    Monotonic filled_;
};

struct Request
{
    CURL* easy = nullptr;
    curl_slist* fields = nullptr;
    RequestHandler* handler = nullptr;
    Limiter* limiter = nullptr; ///< the client's
    AnswerHead head;
    bool stopped = false, headSeen = false, hasLocation = false, paused = false;
    std::array<char, CURL_ERROR_SIZE> error{};

    ~Request()
    {
        curl_easy_cleanup(easy);
        curl_slist_free_all(fields);
    }
};

std::string_view trimmed(std::string_view text)
{
    const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
    while (!text.empty() && blank(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && blank(text.back()))
        text.remove_suffix(1);
    return text;
}

void takeField(Request& request, std::string_view line)
{
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || line.size() > kMostFieldBytes)
        return;
    std::string name(line.substr(0, colon));
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    const std::string_view value = trimmed(line.substr(colon + 1));
    AnswerHead& head = request.head;
    const std::pair<std::string_view, std::string*> known[] = {
        {"content-length", &head.contentLength},    {"content-range", &head.contentRange},
        {"accept-ranges", &head.acceptRanges},      {"etag", &head.etag},
        {"last-modified", &head.lastModified},      {"date", &head.date},
        {"content-disposition", &head.disposition}, {"repr-digest", &head.reprDigest},
        {"content-digest", &head.contentDigest},    {"retry-after", &head.retryAfter},
        {"content-type", &head.contentType},
    };
    for (const auto& [known_, to] : known)
        if (name == known_)
            *to = value;
    request.hasLocation = request.hasLocation || name == "location";
}

bool endOfHead(Request& request)
{
    long status = 0;
    curl_easy_getinfo(request.easy, CURLINFO_RESPONSE_CODE, &status);
    const bool followed = status >= 300 && status < 400 && request.hasLocation;
    if (status < 200 || followed || request.headSeen)
        return true; // not the last one; what came with trailers is none
    const char* url = nullptr;
    curl_easy_getinfo(request.easy, CURLINFO_EFFECTIVE_URL, &url);
    request.head.status = static_cast<int>(status);
    request.head.url = url ? url : "";
    request.headSeen = true;
    return request.handler->onHead(request.head);
}

std::size_t onHeader(char* data, std::size_t size, std::size_t count, void* pointer)
{
    auto& request = *static_cast<Request*>(pointer);
    const std::string_view line(data, size * count);
    if (line.starts_with("HTTP/")) {
        request.head = {};
        request.hasLocation = false;
    } else if (trimmed(line).empty()) {
        if (!endOfHead(request)) {
            request.stopped = true;
            return 0;
        }
    } else if (!request.headSeen) {
        takeField(request, line);
    }
    return line.size();
}

std::size_t onData(char* data, std::size_t size, std::size_t count, void* pointer)
{
    auto& request = *static_cast<Request*>(pointer);
    const std::string_view bytes(data, size * count);
    if (request.limiter->pause().count() > 0) {
        request.paused = true;
        return CURL_WRITEFUNC_PAUSE; // the same bytes come again when it goes on
    }
    request.limiter->came(bytes.size());
    // A body before a head that is ours is HTTP/0.9 or a redirect's.
    if (!request.headSeen)
        return bytes.size();
    if (!request.handler->onBody(bytes)) {
        request.stopped = true;
        return bytes.size() + 1;
    }
    return bytes.size();
}

RequestEnd endOf(const Request& request, CURLcode code)
{
    using Cause = RequestEnd::Cause;
    if (request.stopped)
        return {Cause::Stopped, {}};
    if (code == CURLE_OK && request.headSeen)
        return {Cause::Whole, {}};
    const std::string message = code == CURLE_OK                ? "the server sent no answer"
                                : request.error.front() != '\0' ? request.error.data()
                                                                : curl_easy_strerror(code);
    switch (code) {
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_TOO_MANY_REDIRECTS:
    case CURLE_SSL_ISSUER_ERROR:
        return {Cause::Refused, message};
    default:
        return {Cause::Cut, message};
    }
}

} // namespace

struct HttpClient::State
{
    HttpOptions options;
    CURLM* multi = nullptr;
    CURLSH* share = nullptr;
    std::map<Id, std::unique_ptr<Request>> requests;
    Id next = 1;
    Limiter limiter;

    State(HttpOptions o, const Clock& c) : options(std::move(o)), limiter(options.limit, c) {}
};

HttpClient::HttpClient(HttpOptions options, const Clock& clock)
    : state_(std::make_unique<State>(std::move(options), clock))
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
    state_->multi = curl_multi_init();
    curl_multi_setopt(state_->multi, CURLMOPT_MAXCONNECTS,
                      static_cast<long>(state_->options.keptConnections));
    state_->share = curl_share_init();
    for (const curl_lock_data what : {CURL_LOCK_DATA_COOKIE, CURL_LOCK_DATA_SSL_SESSION})
        curl_share_setopt(state_->share, CURLSHOPT_SHARE, what);
}

HttpClient::~HttpClient()
{
    for (auto& [id, request] : state_->requests)
        curl_multi_remove_handle(state_->multi, request->easy);
    state_->requests.clear();
    curl_multi_cleanup(state_->multi);
    curl_share_cleanup(state_->share);
}

HttpClient::Id HttpClient::start(const HttpRequest& asked, RequestHandler& handler)
{
    auto request = std::make_unique<Request>();
    request->easy = curl_easy_init();
    request->handler = &handler;
    request->limiter = &state_->limiter;
    CURL* easy = request->easy;
    for (const std::string& field : asked.fields)
        request->fields = curl_slist_append(request->fields, field.c_str());
    // A coded answer has other bytes, length and ranges than the file.
    request->fields = curl_slist_append(request->fields, "Accept-Encoding: identity");
    curl_easy_setopt(easy, CURLOPT_URL, asked.url.c_str());
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, request->fields);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "spillway-get/" SPILLWAY_VERSION);
    curl_easy_setopt(easy, CURLOPT_NOBODY, asked.head ? 1L : 0L);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    // HTTP/2 would put all ranges on one connection.
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR,
                     asked.url.starts_with("https:") ? "https" : "http,https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(easy, CURLOPT_MAXREDIRS, kMostRedirects);
    curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                     static_cast<long>(state_->options.connectTimeout.count()));
    curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, state_->limiter.bufferSize());
    curl_easy_setopt(easy, CURLOPT_COOKIEFILE, "");
    curl_easy_setopt(easy, CURLOPT_SHARE, state_->share);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, request->error.data());
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &onHeader);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, request.get());
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &onData);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, request.get());
    // As the curl tool has it; libcurl itself looks at no environment for its roots.
    if (!state_->options.caFile.empty())
        curl_easy_setopt(easy, CURLOPT_CAINFO, state_->options.caFile.c_str());
    else if (const char* file = std::getenv("SSL_CERT_FILE"); file && *file)
        curl_easy_setopt(easy, CURLOPT_CAINFO, file);
    if (!asked.bearer.empty()) {
        curl_easy_setopt(easy, CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BEARER));
        curl_easy_setopt(easy, CURLOPT_XOAUTH2_BEARER, asked.bearer.c_str());
    } else if (asked.hasPassword) {
        curl_easy_setopt(easy, CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
        curl_easy_setopt(easy, CURLOPT_USERNAME, asked.user.c_str());
        curl_easy_setopt(easy, CURLOPT_PASSWORD, asked.password.c_str());
    }
    const Id id = state_->next++;
    curl_easy_setopt(easy, CURLOPT_PRIVATE, reinterpret_cast<void*>(static_cast<std::uintptr_t>(id)));
    curl_multi_add_handle(state_->multi, easy);
    state_->requests.emplace(id, std::move(request));
    return id;
}

void HttpClient::cancel(Id id)
{
    const auto found = state_->requests.find(id);
    if (found == state_->requests.end())
        return;
    curl_multi_remove_handle(state_->multi, found->second->easy);
    state_->requests.erase(found);
}

void HttpClient::poll(std::chrono::milliseconds wait)
{
    // Paused requests have no socket in the poll, those that wait for their heads do.
    const milliseconds pause = state_->limiter.pause();
    const milliseconds most = pause.count() > 0 ? std::min(pause, wait) : wait;
    curl_multi_poll(state_->multi, nullptr, 0, static_cast<int>(most.count()), nullptr);
    for (const auto& [id, request] : state_->requests) {
        if (request->paused && state_->limiter.pause().count() == 0) {
            request->paused = false;
            curl_easy_pause(request->easy, CURLPAUSE_CONT);
        }
    }
    int running = 0;
    curl_multi_perform(state_->multi, &running);
    // First all that ended, then the calls: a call may start others.
    std::vector<std::pair<Id, CURLcode>> ended;
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(state_->multi, &left)) {
        void* id = nullptr;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &id);
        if (message->msg == CURLMSG_DONE)
            ended.emplace_back(static_cast<Id>(reinterpret_cast<std::uintptr_t>(id)), message->data.result);
    }
    for (const auto& [id, code] : ended) {
        const auto found = state_->requests.find(id);
        if (found == state_->requests.end())
            continue;
        const std::unique_ptr<Request> request = std::move(found->second);
        state_->requests.erase(found);
        curl_multi_remove_handle(state_->multi, request->easy);
        request->handler->onEnd(endOf(*request, code));
    }
}

bool HttpClient::isHeld(Id id) const
{
    const auto found = state_->requests.find(id);
    return found != state_->requests.end() && found->second->paused;
}

} // namespace spillway::get
