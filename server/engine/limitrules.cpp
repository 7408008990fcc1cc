// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/engine/limitrules.h"

#include "server/config/cidr.h"

#include <charconv>

namespace spillway::engine {

using policy::LimitLevel;
using policy::SubjectKey;

std::shared_ptr<const policy::LimitSet> limitSet(const std::vector<catalog::Limit>& rows)
{
    auto set = std::make_shared<policy::LimitSet>();
    for (const catalog::Limit& row : rows) {
        const std::string& subject = row.subject;
        if (subject.empty()) {
            set->setDefault(row.level, row.fields);
            continue;
        }
        switch (row.level) {
        case LimitLevel::Share: {
            catalog::ShareId id = 0;
            if (std::from_chars(subject.data(), subject.data() + subject.size(), id).ec == std::errc())
                set->setObject(row.level, SubjectKey::number(id), row.fields);
            break;
        }
        case LimitLevel::Token:
        case LimitLevel::Link:
            set->setObject(row.level, SubjectKey::text(subject), row.fields);
            break;
        case LimitLevel::Ip:
            if (const auto block = config::parseCidr(subject))
                set->setBlock(*block, row.fields);
            break;
        case LimitLevel::Server:
        case LimitLevel::Connection:
            break;
        }
    }
    return set;
}

} // namespace spillway::engine
