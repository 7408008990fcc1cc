// SPDX-License-Identifier: GPL-3.0-or-later
// Queries, file names and JSON text: pieces lie within the query, counts are bounded, names come out
// harmless.
#include "check.h"
#include "server/http/disposition.h"
#include "server/http/query.h"
#include "server/http/utf8.h"

#include <cstdint>

using namespace spillway::http;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string owned(reinterpret_cast<const char*>(data), size);
    const std::string_view text = owned;
    const Query query(text);
    std::size_t seen = 0;
    for (const QueryParameter& parameter : query) {
        ++seen;
        const auto name = parameter.name();
        (void)parameter.value();
        if (name) {
            check(parameter.nameIs(*name), "a name is its own");
            check(query.count(*name) >= 1 && query.find(*name).has_value(), "what is there is found");
        } else {
            check(!parameter.nameIs(parameter.rawName) ||
                      parameter.rawName.find('%') == std::string_view::npos,
                  "a malformed name equals nothing");
        }
    }
    check(seen <= Query::kMaxParameters, "bounded");

    const std::string value = contentDisposition(Disposition::Attachment, text);
    for (char c : value)
        check(c >= 0x20 && c < 0x7f && c != '/', "printable ASCII without a slash");

    std::string json;
    appendJsonString(json, text);
    check(isUtf8(json), "JSON is UTF-8");
    for (std::size_t i = 1; i + 1 < json.size(); ++i) {
        check(static_cast<unsigned char>(json[i]) >= 0x20 && json[i] != '"',
              "no raw quote, no control character");
        if (json[i] == '\\')
            ++i;
    }
    return 0;
}
