// SPDX-License-Identifier: GPL-3.0-or-later
#include "llhttpjudge.h"

#include "server/http/chars.h"

#include <algorithm>
#if __has_include(<llhttp/llhttp.h>)
#include <llhttp/llhttp.h>
#else
#include <llhttp.h>
#endif
#include <vector>

using namespace spillway::http;

namespace {

struct Seen
{
    std::string target;
    std::vector<std::pair<std::string, std::string>> fields{{}};
    bool complete = false;
    bool keepAlive = false;
    bool chunked = false;
    bool hasLength = false;
    std::uint64_t length = 0;
    int minor = -1;
    std::string method;
};

Seen& seen(llhttp_t* parser)
{
    return *static_cast<Seen*>(parser->data);
}

int onUrl(llhttp_t* parser, const char* at, std::size_t size)
{
    seen(parser).target.append(at, size);
    return 0;
}

int onName(llhttp_t* parser, const char* at, std::size_t size)
{
    seen(parser).fields.back().first.append(at, size);
    return 0;
}

int onValue(llhttp_t* parser, const char* at, std::size_t size)
{
    seen(parser).fields.back().second.append(at, size);
    return 0;
}

int onFieldComplete(llhttp_t* parser)
{
    seen(parser).fields.emplace_back();
    return 0;
}

int onHeadersComplete(llhttp_t* parser)
{
    Seen& s = seen(parser);
    s.complete = true;
    s.keepAlive = llhttp_should_keep_alive(parser) != 0;
    s.chunked = (parser->flags & F_CHUNKED) != 0;
    s.hasLength = (parser->flags & F_CONTENT_LENGTH) != 0;
    s.length = parser->content_length;
    s.minor = parser->http_minor;
    s.method = llhttp_method_name(static_cast<llhttp_method_t>(parser->method));
    return 1; // whatever the fields say: no body follows here
}

/// The target as it stands in the request line: the gate's rawTarget is rewritten for an absolute-form.
std::string_view targetOf(std::string_view bytes)
{
    const std::size_t first = bytes.find(' ') + 1;
    return bytes.substr(first, bytes.find(' ', first) - first);
}

} // namespace

std::string disagreement(std::string_view bytes, const RequestHead& head)
{
    std::string text(bytes.substr(0, head.size));
    if (head.method == Method::Other)
        text.replace(static_cast<std::size_t>(head.methodToken.data() - bytes.data()),
                     head.methodToken.size(), "GET");
    // llhttp knows a transfer coding only where spaces follow it; a tab is white space just as well
    // (RFC 9110 §5.6.3), so tabs at the end of a line are shown as spaces.
    for (std::size_t end = text.find('\r'); end != std::string::npos; end = text.find('\r', end + 1))
        for (std::size_t at = end; at > 0 && (text[at - 1] == '\t' || text[at - 1] == ' '); --at)
            text[at - 1] = ' ';

    llhttp_settings_t settings;
    llhttp_settings_init(&settings);
    settings.on_url = onUrl;
    settings.on_header_field = onName;
    settings.on_header_value = onValue;
    settings.on_header_value_complete = onFieldComplete;
    settings.on_headers_complete = onHeadersComplete;
    llhttp_t parser;
    llhttp_init(&parser, HTTP_REQUEST, &settings);
    Seen s;
    parser.data = &s;
    const llhttp_errno_t error = llhttp_execute(&parser, text.data(), text.size());
    if (error != HPE_OK && error != HPE_PAUSED_UPGRADE)
        return std::string("llhttp refuses it: ") + llhttp_errno_name(error) + ", " +
               llhttp_get_error_reason(&parser);
    if (!s.complete)
        return "llhttp waits for more of the head";
    if (s.target != targetOf(text))
        return "llhttp reads the target " + s.target;
    if (head.method != Method::Other && s.method != head.methodToken)
        return "llhttp reads the method " + s.method;
    if (s.minor != head.minorVersion)
        return "llhttp reads another version";
    s.fields.pop_back();
    if (s.fields.size() != head.fields.size())
        return "llhttp reads " + std::to_string(s.fields.size()) + " fields";
    for (std::size_t i = 0; i < s.fields.size(); ++i)
        if (s.fields[i].first != head.fields[i].name ||
            chars::trim(s.fields[i].second) != head.fields[i].value)
            return "llhttp reads the field " + s.fields[i].first + ": " + s.fields[i].second;
    if (s.hasLength != head.contentLength.has_value() || (s.hasLength && s.length != *head.contentLength))
        return "llhttp reads the length " + std::to_string(s.length);
    if (s.chunked != head.chunkedBody)
        return "llhttp disagrees about chunked";
    // llhttp takes Proxy-Connection for Connection; no RFC knows it (RFC 9112 §C.2.2 warns of it).
    const bool proxyConnection = std::any_of(s.fields.begin(), s.fields.end(), [](const auto& field) {
        return chars::equalsLower(field.first, "proxy-connection");
    });
    if (head.keepAlive && !s.keepAlive && !proxyConnection)
        return "llhttp would close the connection";
    return {};
}
