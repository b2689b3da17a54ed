<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.28.0" styleCategories="Symbology">
  <pipe>
    <rasterrenderer type="singlebandpseudocolor" band="1" opacity="1" alphaBand="-1" nodataColor="">
      <rastershader>
        <colorrampshader colorRampType="INTERPOLATED" classificationMode="1" clip="0" minimumValue="0" maximumValue="8">
          <item value="0" label="0" color="#e8e0c8" alpha="255"/>
          <item value="0.5" label="0.5" color="#b8a070" alpha="255"/>
          <item value="2" label="2" color="#7a5a34" alpha="255"/>
          <item value="8" label="8" color="#20160e" alpha="255"/>
        </colorrampshader>
      </rastershader>
    </rasterrenderer>
  </pipe>
</qgis>
