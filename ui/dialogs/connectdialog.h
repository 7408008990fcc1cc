// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/contract/connector.h"
#include "ui/style/theme.h"

#include <QtWidgets/QDialog>

class QCheckBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace spillway::ui {

class AddressBook;

/// Connects to a server elsewhere: by an invite that is pasted, or by address and token. A certificate that
/// nobody vouches for is shown and asked about before anything is sent to it. When it is accepted, client()
/// is connected.
class ConnectDialog final : public QDialog
{
    Q_OBJECT
public:
    /// `entry` fills the fields; an empty one: an invite in the clipboard does. All references outlive this.
    ConnectDialog(contract::Connector& connector, const AddressBook& book, const contract::ServerEntry& entry,
                  Theme& theme, QWidget* parent);
    ~ConnectDialog() override;

    [[nodiscard]] const contract::ServerEntry& entry() const { return entry_; }
    [[nodiscard]] const QString& token() const { return token_; }
    [[nodiscard]] std::unique_ptr<contract::EngineClient> takeClient() { return std::move(client_); }

private:
    void buildFields(Theme& theme);
    void buildTrust(Theme& theme);
    void buildButtons(Theme& theme);
    void addressChanged();
    void start();
    void join(const contract::Invite& invite);
    void tryClient();
    void clientChanged();
    void say(const QString& text, bool bad);
    void setBusy(bool busy);

    contract::Connector& connector_;
    const AddressBook& book_;
    contract::ServerEntry entry_;
    QString token_;
    std::unique_ptr<contract::EngineClient> client_;
    QLineEdit* address_;
    QLabel* tokenLabel_;
    QLineEdit* tokenField_;
    QLabel* message_;
    QWidget* trust_;
    QLabel* fingerprint_;
    QPushButton* connect_;
    bool busy_ = false;
};

/// "AB:CD:…" in two lines of blocks that a person can compare.
[[nodiscard]] QString fingerprintText(const QString& fingerprint);

} // namespace spillway::ui
