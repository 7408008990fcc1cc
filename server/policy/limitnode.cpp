// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/policy/limitnode.h"

namespace spillway::policy {

void LimitNode::configure(const LimitFields& fields)
{
    requests.set(fields.milliRequests, fields.burst);
}

} // namespace spillway::policy
