// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/contract/limits.h"
#include "ui/session/session.h"
#include "ui/style/theme.h"

#include <QtWidgets/QScrollArea>

class QBoxLayout;
class QButtonGroup;
class QLabel;

namespace spillway::ui {

class ScaleField;

/// The inspector of one row of limits: all its fields but the bandwidth, which the row has itself. Each works
/// at once.
class LimitDetails final : public QScrollArea
{
    Q_OBJECT
public:
    LimitDetails(Session& session, Theme& theme);
    void show(const contract::Limit& limit);

private:
    using Text = QString (*)(double); ///< as the server takes it
    ScaleField* add(QBoxLayout& column, const QString& title, const QString& help, const char* field,
                    Text text, bool connections = true);
    void buildPriority(QBoxLayout& column);

    Session& session_;
    Theme& theme_;
    contract::Limit limit_;
    QLabel* name_;
    QLabel* about_;
    QLabel* line_;
    struct Row
    {
        const char* field;
        QWidget* box;
        ScaleField* scale;
        bool connections; ///< a connection has it, too
    };
    std::vector<Row> rows_;
    QButtonGroup* priority_;
};

} // namespace spillway::ui
