// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/result.h"
#include "ui/models/tokensmodel.h"

#include <QtCore/QObject>
#include <functional>

namespace spillway::ui {

class Session;

/// The API tokens of the session's server. On the console's thread, as long as the session.
class TokenControl final : public QObject
{
    Q_OBJECT
public:
    explicit TokenControl(Session& session);

    [[nodiscard]] TokensModel& model() { return model_; }
    [[nodiscard]] bool known() const { return known_; }

    void refresh();
    /// The answer holds the token's text: nothing here keeps it.
    void create(QObject* context, const contract::CreateToken& wanted,
                std::function<void(const Result<contract::Token>&)> reply);
    /// At once, and for ever.
    void revoke(const QStringList& ids);

Q_SIGNALS:
    void changed();

private:
    Session& session_;
    TokensModel model_;
    bool known_ = false;
};

} // namespace spillway::ui
