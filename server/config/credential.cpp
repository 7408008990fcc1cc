// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/config/credential.h"

#include "server/base/uniquefd.h"
#include "server/config/files.h"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>

namespace spillway::config {

namespace {

constexpr std::size_t kMaxSize = 64 << 10;

} // namespace

Result<std::string> credentialPath(std::string_view text)
{
    if (!text.starts_with(kCredentialScheme))
        return std::string(text);
    const std::string_view name = text.substr(kCredentialScheme.size());
    if (name.empty() || name == "." || name == ".." || name.find('/') != std::string_view::npos)
        return fail(ErrorCode::InvalidArgument, "\"" + std::string(text) + "\" names no credential");
    const char* folder = std::getenv("CREDENTIALS_DIRECTORY");
    if (!folder || !*folder)
        return fail(ErrorCode::InvalidArgument,
                    "\"" + std::string(text) +
                        "\" needs systemd's LoadCredential=, and this process has none");
    return std::string(folder) + "/" + std::string(name);
}

Result<std::string> credentialText(std::string_view text)
{
    auto path = credentialPath(text);
    if (!path || !text.starts_with(kCredentialScheme))
        return path;
    const UniqueFd file(::open(path->c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
    if (!file)
        return fail(osError("cannot open the credential " + *path, errno));
    auto content = readAt(file.get(), 0, kMaxSize + 1, *path);
    if (!content)
        return content;
    if (content->size() > kMaxSize)
        return fail(ErrorCode::InvalidArgument, "the credential " + *path + " is larger than 64 KiB");
    while (content->ends_with('\n') || content->ends_with('\r'))
        content->pop_back();
    return content;
}

} // namespace spillway::config
