// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/result.h"
#include "server/contract/commands.h"
#include "ui/style/theme.h"

#include <QtWidgets/QWidget>
#include <functional>

class QCheckBox;
class QFormLayout;
class QLineEdit;
class QPushButton;

namespace spillway::ui {

class PresetBox;

/// Every rule that a link has, as fields: what most people want at the top, the rest under "More rules".
/// For a new link, or for one that exists (then an untouched field changes nothing).
class LinkRulesForm final : public QWidget
{
    Q_OBJECT
public:
    explicit LinkRulesForm(Theme& theme);

    /// The fields before the rules, e.g. what the link is to.
    [[nodiscard]] QFormLayout& fields() { return *fields_; }

    [[nodiscard]] QWidget* first() const; ///< of the rules' own fields, for the order of tabs

    void show(const contract::CreateLink& rules);
    void show(const contract::Link& link);

    /// What the fields say. InvalidArgument, in words for people, where one is not understood; that field is
    /// marked and has the focus.
    [[nodiscard]] Result<contract::CreateLink> rules() const;
    /// Only what differs from the link that is shown.
    [[nodiscard]] Result<contract::UpdateLink> changes() const;

private:
    void buildFirst(Theme& theme);
    void buildMore(Theme& theme);
    void setMore(bool open);
    [[nodiscard]] contract::LinkExpiry expiry() const;
    [[nodiscard]] Result<void> check() const;

    QFormLayout* fields_;
    PresetBox* expiry_;
    PresetBox* downloads_;
    QLineEdit* password_;
    QCheckBox* noPassword_;
    QLineEdit* note_;
    QPushButton* more_;
    QWidget* rest_;
    QLineEdit* allow_;
    PresetBox* rate_;
    PresetBox* concurrency_;
    QCheckBox* page_;
    Theme& theme_;
    std::optional<contract::Link> link_;
};

} // namespace spillway::ui
