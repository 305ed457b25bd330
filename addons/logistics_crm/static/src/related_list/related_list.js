import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useOwnedDialogs } from "@web/core/utils/hooks";
import { FormViewDialog } from "@web/views/view_dialogs/form_view_dialog";
import { View } from "@web/views/view";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { Component, useState } from "@odoo/owl";

/**
 * The records that belong to the record of a form, as a list on a page of its notebook.
 *
 * Unlike a one2many field it reads nothing before its page is shown: a form with many
 * such pages opens as fast as one with none. Each record is kept on its own, in a
 * dialog; a new or changed main record is saved first.
 *
 * In a view:
 *     <widget name="logistics_related_list" model="logistics.trade.lane"
 *             link="partner_id" fill="partner_id" add_label="Add a trade lane"/>
 * `link` is the field that must equal the main record; `fill` the one that a new record
 * gets it in (default: the same). `view_ref` names a list view, `readonly="1"` hides
 * the button and opens records to read.
 */
export class RelatedList extends Component {
    static template = "logistics_crm.RelatedList";
    static components = { View };
    static props = {
        ...standardWidgetProps,
        model: String,
        link: String,
        fill: { type: String, optional: true },
        addLabel: { type: String, optional: true },
        viewRef: { type: String, optional: true },
        isReadonly: { type: Boolean, optional: true },
    };

    setup() {
        this.addDialog = useOwnedDialogs();
        this.state = useState({ version: 0 });
    }

    get resId() {
        return this.props.record.resId;
    }

    get addLabel() {
        return this.props.addLabel || _t("Add a line");
    }

    get context() {
        return {
            [`default_${this.props.fill || this.props.link}`]: this.resId,
            logistics_client_known: true,
        };
    }

    get viewProps() {
        const context = { ...this.context };
        if (this.props.viewRef) {
            context.list_view_ref = this.props.viewRef;
        }
        return {
            type: "list",
            resModel: this.props.model,
            domain: [[this.props.link, "=", this.resId]],
            context,
            display: { controlPanel: false, searchPanel: false },
            views: [[false, "list"]],
            viewId: false,
            searchViewId: false,
            loadIrFilters: false,
            loadActionMenus: false,
            noBreadcrumbs: true,
            showButtons: false,
            allowSelectors: false,
            allowOpenAction: false,
            readonly: true,
            noContentHelp: " ",
            selectRecord: (resId) => this.open(resId),
            createRecord: () => this.open(),
        };
    }

    async open(resId) {
        if (!(await this.props.record.save())) {
            return;
        }
        this.addDialog(FormViewDialog, {
            resModel: this.props.model,
            resId,
            context: this.context,
            preventEdit: this.props.isReadonly,
            title: resId ? undefined : this.addLabel,
            onRecordSaved: () => {
                this.state.version++;
                return this.props.record.load();
            },
        });
    }
}

export const relatedList = {
    component: RelatedList,
    extractProps: ({ attrs }) => ({
        model: attrs.model,
        link: attrs.link,
        fill: attrs.fill,
        addLabel: attrs.add_label,
        viewRef: attrs.view_ref,
        isReadonly: attrs.readonly === "1",
    }),
};

registry.category("view_widgets").add("logistics_related_list", relatedList);
