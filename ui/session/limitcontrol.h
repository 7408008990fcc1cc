// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/limitsmodel.h"

#include <QtCore/QObject>

namespace spillway::ui {

class Session;

/// The limits of the session's server and what is done to them. On the console's thread, as long as the
/// session.
///
/// A slider asks for a change with every step: of one subject one change is under way at a time, and of those
/// that came meanwhile only the last value of each field is sent. While one is under way no list is taken
/// over, so nothing jumps back under the hand.
class LimitControl final : public QObject
{
    Q_OBJECT
public:
    using Fields = QMap<QString, QString>; ///< as contract::SetLimit has them

    explicit LimitControl(Session& session);

    [[nodiscard]] LimitsModel& model() { return model_; }
    [[nodiscard]] bool known() const { return known_; }

    void refresh();
    /// Says so only where it failed: who sets a limit sees it.
    void set(contract::LimitLevel level, const QString& id, const Fields& fields);
    void setBandwidth(contract::LimitLevel level, const QString& id, std::optional<double> bytesPerSecond);
    /// Takes all of a row away; with undo.
    void remove(const contract::Limit& limit);

Q_SIGNALS:
    void changed(); ///< a list or the answer to a change came

private:
    struct Change
    {
        contract::LimitLevel level;
        QString id;
        Fields next; ///< to be sent when the one under way is answered
    };
    void send(const QString& key, const Fields& fields);

    Session& session_;
    LimitsModel model_;
    QHash<QString, Change> underWay_; ///< by level and id
    bool known_ = false, asking_ = false;
};

/// What would make this row again.
[[nodiscard]] LimitControl::Fields fieldsOf(const contract::Limit& limit);

} // namespace spillway::ui
