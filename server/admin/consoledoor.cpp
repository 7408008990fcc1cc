// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/admin/consoledoor.h"

#include "server/engine/randomid.h"

#include <QtCore/QCryptographicHash>
#include <algorithm>

namespace spillway::admin {

namespace {

/// Looked for by digest, so that how long it takes tells nothing of a code.
std::string digestOf(std::string_view code)
{
    return QCryptographicHash::hash(QByteArrayView(code.data(), static_cast<qsizetype>(code.size())),
                                    QCryptographicHash::Sha256)
        .toStdString();
}

} // namespace

void ConsoleDoor::setAddress(Address address)
{
    const std::lock_guard lock(mutex_);
    address_ = std::move(address);
}

ConsoleDoor::Address ConsoleDoor::address() const
{
    const std::lock_guard lock(mutex_);
    return address_;
}

Result<std::string> ConsoleDoor::invite(std::chrono::seconds lasts)
{
    if (lasts < std::chrono::seconds(1) || lasts > kLongest)
        return fail(ErrorCode::InvalidArgument, "an invite is good for 1s to 24h");
    auto code = engine::randomText(24);
    if (!code)
        return code;
    const std::lock_guard lock(mutex_);
    const Monotonic now = clock_.monotonic();
    std::erase_if(invites_, [now](const Invite& one) { return one.until <= now; });
    if (invites_.size() == kMost)
        invites_.erase(invites_.begin());
    invites_.push_back({digestOf(*code), now + lasts});
    return code;
}

std::vector<ConsoleDoor::Invite>::const_iterator ConsoleDoor::find(std::string_view code) const
{
    const Monotonic now = clock_.monotonic();
    return std::find_if(invites_.begin(), invites_.end(), [now, digest = digestOf(code)](const Invite& one) {
        return now < one.until && one.digest == digest;
    });
}

bool ConsoleDoor::knows(std::string_view code) const
{
    const std::lock_guard lock(mutex_);
    return find(code) != invites_.end();
}

bool ConsoleDoor::take(std::string_view code)
{
    const std::lock_guard lock(mutex_);
    const auto found = find(code);
    if (found == invites_.end())
        return false;
    invites_.erase(found);
    return true;
}

} // namespace spillway::admin
