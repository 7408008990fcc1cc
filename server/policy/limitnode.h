// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/policy/limit.h"
#include "server/policy/requestrate.h"

#include <array>
#include <memory>

namespace spillway::policy {

/// One level for one subject: what it may take and what it has taken. Shared by all workers; any thread, no
/// lock. configure() puts other limits in force for everybody who holds it, from the next request on.
class LimitNode
{
public:
    explicit LimitNode(LimitLevel level) : level_(level) {}

    void configure(const LimitFields& fields);
    [[nodiscard]] LimitLevel level() const noexcept { return level_; }

    RequestRate requests;

private:
    const LimitLevel level_;
};

/// The nodes that one request passes, by level; null where nothing is limited.
using LimitPath = std::array<std::shared_ptr<LimitNode>, kLimitLevels>;

} // namespace spillway::policy
