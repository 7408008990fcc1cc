// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/transfersmodel.h"
#include "ui/session/session.h"
#include "ui/style/theme.h"

#include <QtWidgets/QScrollArea>

class QBoxLayout;
class QButtonGroup;
class QLabel;
class QPushButton;

namespace spillway::ui {

class ScaleField;
class Sparkline;

/// The inspector of one transfer: its rate over the last minute, facts, and what can be done about its
/// client, its link or its token now: a limit and a priority, which hold for all that these take.
class TransferDetails final : public QScrollArea
{
    Q_OBJECT
public:
    TransferDetails(Session& session, Theme& theme);
    void show(const TransfersModel::Row& row);

Q_SIGNALS:
    void kickWanted();
    void banWanted();

private:
    enum class Whom : int
    {
        Client,
        Link,
        Token
    };
    void buildLimits(QBoxLayout& column, Theme& theme);
    [[nodiscard]] Whom whom() const;
    [[nodiscard]] contract::LimitLevel level() const;
    [[nodiscard]] QString subject() const;
    void showFacts(const TransfersModel::Row& row);
    void showLimits();

    Session& session_;
    Theme& theme_;
    contract::Transfer transfer_;
    std::vector<double> rates_;
    std::int64_t seenAtMs_ = 0;
    QLabel* name_;
    QLabel* rate_;
    Sparkline* chart_;
    QLabel* facts_;
    QButtonGroup* whom_;
    QLabel* whomText_;
    ScaleField* limit_;
    QButtonGroup* priority_;
    QPushButton* kick_;
    QPushButton* ban_;
};

} // namespace spillway::ui
