// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/net/privatefile.h"

#include "server/base/uniquefd.h"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>

namespace spillway::net {

Result<void> writePrivateFile(const std::string& path, const std::string& bytes)
{
    const std::string beside = path + ".new";
    ::unlink(beside.c_str());
    const UniqueFd file(::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file || ::write(file.get(), bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size()) ||
        ::fsync(file.get()) != 0 || ::rename(beside.c_str(), path.c_str()) != 0)
        return fail(osError("cannot write " + path, errno));
    return {};
}

} // namespace spillway::net
